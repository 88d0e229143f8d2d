"""The State Council's notices of holidays, as they were published."""

from datetime import date

import chinese_calendar
import pytest

from maplebridge.kernel.holidays import read_notice, weekdays_fit

OF_2026 = """国务院办公厅关于2026年部分节假日安排的通知
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
2025年11月4日"""
OF_2023 = """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。"""


@pytest.mark.parametrize(("year", "text"), [(2026, OF_2026), (2023, OF_2023)])
def test_every_day_of_a_year_is_what_the_calendar_library_knows(year, text):
    holidays = read_notice(text, year)
    assert all(holiday.agrees for holiday in holidays)
    differing = dict(day for holiday in holidays for day in holiday.differing)
    for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        day = date.fromordinal(number)
        assert differing.get(day, day.weekday() < 5) == chinese_calendar.is_workday(day), day


def test_what_does_not_fit_is_noticed():
    assert weekdays_fit(OF_2026, 2026)
    assert not weekdays_fit(OF_2026, 2027)
    (short,) = read_notice("一、元旦：1月1日放假，共3天。", 2027)
    assert not short.agrees
    assert read_notice("今天天气好", 2027) == []
    assert read_notice("一、元旦：13月40日放假。", 2027) == []
