"""What an operator decides: the settings of a node."""

from node.settings.fields import Settings as Settings
from node.settings.loading import load as load
from node.settings.loading import make_secret as make_secret
from node.settings.loading import read as read
from node.settings.manual import SettingRow as SettingRow
from node.settings.manual import documentation as documentation
from node.settings.manual import documentation_table as documentation_table
from node.settings.values import Address as Address
from node.settings.values import MailServer as MailServer
from node.settings.values import Network as Network
from node.settings.values import SettingsError as SettingsError
