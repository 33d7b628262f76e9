"""Send results (gửi kết quả): who gets what, frozen and queued in the ledger, handed over at most once."""

from xlscore.sending.passing import Passed, find_cut_short, is_due, send_waiting
from xlscore.sending.passwords import account, place, store
from xlscore.sending.planning import Order, Plan, Prepared, lay_out, plan, queue
from xlscore.sending.probing import greet, is_sent_for_real, server_limit
from xlscore.sending.settling import Outcome, SettleError, settle, unsettled
from xlscore.sending.trouble import ServerError
from xlscore.sending.wanted import Kind, Problem

__all__ = [
    "Kind",
    "Order",
    "Outcome",
    "Passed",
    "Plan",
    "Prepared",
    "Problem",
    "ServerError",
    "SettleError",
    "account",
    "find_cut_short",
    "greet",
    "is_due",
    "is_sent_for_real",
    "lay_out",
    "place",
    "plan",
    "queue",
    "send_waiting",
    "server_limit",
    "settle",
    "store",
    "unsettled",
]
