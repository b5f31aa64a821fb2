"""The mail providers: one module each behind the contract of `deliver/provider.py`, found in this table."""

from collections.abc import Mapping

from publisher.deliver.provider import ProviderFactory
from publisher.deliver.providers import mailgun, outbox, smtp

PROVIDERS: Mapping[str, ProviderFactory] = {
    "outbox": outbox.make,
    "smtp": smtp.make,
    "mailgun": mailgun.make,
}
