"""States that several loops share, with the words of the field."""

from bihuan.kernel.loop import State
from bihuan.kernel.words import Words

ACCEPTED = State("accepted", Words(zh="已受理", en="accepted"))
DISPATCHED = State("dispatched", Words(zh="已派发", en="dispatched"))
RECEIVED = State("received", Words(zh="已接单", en="received"))
CLOSED = State("closed", Words(zh="已归档", en="closed"))
WITHDRAWN = State("withdrawn", Words(zh="已撤销", en="withdrawn"))
TERMINATED = State("terminated", Words(zh="服务终止", en="terminated"))
