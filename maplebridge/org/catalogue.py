"""The default catalogue of matters and the default duty list; an office changes both in the admin.

Limits are defaults to be overridden by local tables; where practice gives a range the longer one
stands. Flags: s = may be settled on the spot, ! = safety, c = confidential, a = dispatched by itself.
"""

from typing import Any

GROUPS = {
    "A": ("矛盾纠纷", "Disputes"),
    "B": ("消防隐患", "Fire hazards"),
    "C": ("安全生产与灾害", "Safety and disasters"),
    "D": ("道路设施", "Roads and facilities"),
    "E": ("环境卫生", "Environment"),
    "F": ("城乡秩序", "Building and order"),
    "G": ("市场监管", "Market"),
    "H": ("公共服务", "Public services"),
    "I": ("咨询建议", "Questions and suggestions"),
    "J": ("治安", "Public security"),
    "K": ("网格事务", "Grid tasks"),
    "Z": ("其他", "Other"),
}

# At once is within the limit of an alarm: nobody can keep a limit of no minutes.
# code, name, English, grade, respond, handle, flags, lead kind, legal basis, words
_ROWS = """
A01|婚姻家庭纠纷|Family dispute|3|24h|30d|c|village_mediation|人民调解法|夫妻 离婚 家暴 婆媳 赡养 抚养 彩礼 分家 家庭纠纷 家庭矛盾 子女不养
A02|邻里纠纷|Quarrel between neighbours|4|24h|7d|c|village_mediation|人民调解法|邻居 邻里 隔壁 相邻 采光 滴水 围墙 噪音扰民 狗叫 楼上漏水 争吵 吵架
A03|房屋宅基地纠纷|House or homestead dispute|3|24h|30d|c|village_mediation|人民调解法|宅基地 房屋纠纷 建房纠纷 地基 房产纠纷 房屋产权 房产证 界址
A04|山林土地纠纷|Forest or land dispute|3|24h|30d|c|town_mediation|人民调解法|山林 林权 承包地 土地纠纷 灌溉 青苗 田界 山界 土地流转 毛竹山
A05|合同和经营纠纷|Contract dispute|3|24h|30d|c|town_mediation|人民调解法|合同 违约 定金 借款 欠款 货款 租金 押金 合伙 转让费
A06|损害赔偿纠纷|Damages dispute|3|24h|30d|c|town_mediation|人民调解法|赔偿 打伤 损坏 摔伤 咬伤 撞坏 医药费 误工费
A07|劳动争议欠薪|Unpaid wages|2|24h|15d|c|labour|劳动法|工资 欠薪 拖欠 民工 劳动合同 工伤 社保未缴 辞退 加班费 血汗钱
A08|征地拆迁纠纷|Land taking dispute|2|24h|30d|c|government|土地管理法|征地 拆迁 安置 补偿款 征收 安置房 青苗费 拆迁款
A09|其他专业纠纷|Other special dispute|3|24h|30d|c|town_mediation|人民调解法|物业 业委会 医疗纠纷 交通事故 旅游纠纷 网购 消费纠纷 退款 医院纠纷 物业费
B01|消防通道堵塞锁闭|Blocked fire exit|3|4wh|3wd|s!|emergency|消防法|消防通道 疏散通道 安全出口 消防车 通道堵塞 出口锁 消火栓 灭火器
B02|电动车室内停放充电|E-bike charged indoors|3|4wh|1wd|s!|emergency|消防法|电动车充电 电瓶车充电 飞线充电 楼道充电 楼道停放 电动车楼道 电瓶车进楼
B03|私拉乱接用火用气|Unsafe wiring or gas use|3|4wh|3wd|!|emergency|消防法|私拉电线 乱接电线 电线裸露 煤气瓶 液化气 用火 电线老化
B04|违规住人三合一|Illegal lodging|2|4wh|7wd|!|enforcement|消防法|违规住人 三合一 厂房住人 仓库住人 店铺住人 群租
B05|防盗窗无逃生口|Bars without escape|4|1wd|15wd|!|emergency|消防法|防盗窗 防盗网 铁栅栏 逃生口 逃生窗
C01|安全生产隐患|Work safety hazard|2|4wh|7wd|!|emergency|安全生产法|安全隐患 危化品 小作坊 燃气 煤气味 燃气味 煤气泄漏 燃气泄漏 漏气 厂房着火 房子着火 屋里着火 屋里冒烟 家里冒烟 楼里冒烟 楼道冒烟 厂房冒烟 起火 失火 火灾 工地安全 塔吊 爆炸 生产安全 烟花爆竹
C02|自建房安全|Unsafe house|2|1wd|15wd|!|construction|安全生产法|危房 裂缝 墙体开裂 房屋倾斜 自建房 倒塌 房子要塌
C03|地质灾害和水患|Landslide or flood danger|1|1h|3wd|!|emergency|突发事件应对法|滑坡 塌方 泥石流 山洪 水库 山塘 堤坝 洪水 落石 积水严重 内涝
C04|森林火情野外用火|Forest fire|1|15m|1wd|!|forestry|森林法|山火 森林火 野外用火 着火 冒烟 烧山 火情
D01|道路损坏|Damaged road|3|4wh|3wd||government|公路法|路面 坑洼 塌陷 护栏 公路 修路 道路破损 标志牌 红绿灯 公交 交通 斑马线 堵车 泥泞
D02|井盖缺失|Missing manhole cover|2|2wh|1wd|!|utility|城市道路管理条例|井盖 窨井 下水道盖 检查井
D03|路灯不亮|Street light out|4|1wd|3wd|a|utility|城市道路照明设施管理规定|路灯 灯不亮 路灯不亮 没有路灯 路灯坏 亮化 照明
E01|暴露垃圾|Rubbish|4|4wh|1wd|sa|sanitation|固体废物污染环境防治法|垃圾 垃圾桶 垃圾成堆 保洁 清运 臭味 脏乱 卫生差 垃圾车
E02|积存渣土建筑垃圾|Building rubble|4|1wd|4wd||enforcement|固体废物污染环境防治法|渣土 建筑垃圾 装修垃圾 渣土车 泥土堆 砂石堆
E03|污水河道不洁|Dirty water|3|1wd|15wd||forestry|水污染防治法|污水 河道 排污 河水 水质 污染 养猪场 粪水 下水道 黑臭 污水管
E04|焚烧秸秆垃圾|Burning straw or rubbish|3|2wh|1wd|s|enforcement|大气污染防治法|焚烧 秸秆 烧垃圾 烟味 废气 扬尘 油烟
F01|违法建设|Illegal building|3|4wh|7wd||enforcement|城乡规划法|违建 违章建筑 违法建筑 搭建 私搭乱建 占地建房 加盖 加层
F02|占道经营乱张贴|Street trading or posters|4|1wd|3wd|s|enforcement|城市市容和环境卫生管理条例|占道 摆摊 流动摊 乱停车 乱张贴 小广告 夜宵摊 停车难 违停
G01|食品经营价格|Food, licence, price|3|1wd|7wd||market|食品安全法|食品 过期 无证经营 价格 假货 执照 餐馆 超市 缺斤少两 传销 乱收费 虚假宣传
H01|水电气网|Water, power, gas, network|3|4wh|3wd|s|utility|电力法|停水 停电 断水 断电 水压 自来水 电压 宽带 网络 信号 天然气 水管 漏水 跳闸
H02|便民代办|Help with papers|4|1wd|5wd|sa|service_centre|行政许可法|代办 社保 医保 证件 身份证 户口 落户 养老金 公积金 办证 残疾证 居住证 报销
H03|救助帮扶|Help in need|3|1wd|5wd|c|welfare|社会救助暂行办法|低保 困难户 救助 残疾人 孤寡 独居 五保 大病 贫困 补助
I01|咨询|Question|4|1wh|1wd|a|service_centre|政府信息公开条例|咨询 请问 怎么办理 如何办理 想了解 政策
I02|意见建议|Suggestion|4|1wd|5wd||village|村民委员会组织法|建议 希望能 意见 提议 增设 规划 应该 呼吁
I03|村务公开质疑|Question on village affairs|3|1wd|20d|c|government|村民委员会组织法|村务 账目 村干部 村账 集体资金 村委会不公开 财务公开 分红 村支书
J01|违法犯罪线索|Suspected crime|2|15m|1wd||||报警 赌博 吸毒 抢劫 盗窃 诈骗
K01|网格任务|Grid task|4|1wd|5wd|s|grid|网格事项准入清单|宣传 网格任务 走访 代跑
Z99|其他|Other|4|1wd|5wd||command_room|政府信息公开条例|其他
"""

_HAND_OVER = {"J01": "110"}
_CLOSING = {
    "A": "当事人达成协议并履行，或已告知其他救济途径。",
    "B": "隐患现场已消除并复查。",
    "C": "危险已消除，或已采取防护并移交主管部门。",
    "D": "设施恢复使用，现场复查。",
    "E": "现场清理干净并复查。",
}
_MEDIATION = {"A01": "PM01", "A02": "PM02", "A03": "PM03", "A04": "PM07", "A05": "PM04", "A06": "PM06",
              "A07": "PM11", "A08": "PM08", "A09": "PM18"}  # fmt: skip
_URBAN = {"C01": "UE04", "C03": "UE04", "D01": "UE04", "E01": "UE0102", "E02": "UE0103", "E03": "UE0105",
          "E04": "UE01", "F01": "UE0101", "F02": "UE05"}  # fmt: skip


def _read() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    categories, duties = [], []
    for line in _ROWS.strip().splitlines():
        code, name, english, grade, respond, handle, flags, lead, basis, words = line.split("|")
        group, group_en = GROUPS[code[0]]
        categories.append({
            "code": code, "name": name, "name_en": english, "group": group, "group_en": group_en,
            "grade": int(grade), "respond": respond, "handle": handle,
            "on_spot": "s" in flags, "safety": "!" in flags, "confidential": "c" in flags,
            "public": code not in {"J01", "K01"}, "hand_over": _HAND_OVER.get(code, ""),
            "keywords": words.split(), "closing": _CLOSING.get(code[0], "答复上报人并核查结果。"),
            "mediation_type": _MEDIATION.get(code, ""), "urban_code": _URBAN.get(code, ""),
        })  # fmt: skip
        if lead:
            duties.append({
                "category": code, "lead_kind": lead, "legal_basis": basis, "by_itself": "a" in flags,
            })  # fmt: skip
    return categories, duties


CATEGORIES, DUTIES = _read()
