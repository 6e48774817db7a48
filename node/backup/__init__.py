"""Backups: the whole node in one encrypted file, and the way back."""

from node.backup.envelope import BackupRefused as BackupRefused
from node.backup.envelope import Secret as Secret
from node.backup.restore import Restored as Restored
from node.backup.restore import inspect as inspect
from node.backup.restore import restore as restore
from node.backup.take import Taken as Taken
from node.backup.take import take as take
