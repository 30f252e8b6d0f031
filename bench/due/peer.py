"""The peer of the due-time benchmark: numpy.busday_offset over all receipts in one call.

Usage: peer.py HOLIDAYS RECEIPTS; prints the sum of all due days and nanoseconds per answer.
A period of 7 days whose first day counts is: forward to a working day, then 6 more.
"""

import sys
import time

import numpy

holidays = numpy.loadtxt(sys.argv[1], dtype="datetime64[D]")
receipts = numpy.loadtxt(sys.argv[2], dtype="int64").astype("datetime64[D]")
calendar = numpy.busdaycalendar(weekmask="1111100", holidays=holidays)
since = time.perf_counter()
due = numpy.busday_offset(receipts, 6, roll="forward", busdaycal=calendar)
spent = time.perf_counter() - since
print(int(due.astype("int64").sum()), f"{spent * 1e9 / len(receipts):.2f}")
