/** The start of the phone's app. */
