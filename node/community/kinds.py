"""The closed sets that pages and commands name: roles, states, visibilities. Enums only, never rows."""

from node.models import ActKind as ActKind
from node.models import ActorKind as ActorKind
from node.models import Admission as Admission
from node.models import AvoidanceKind as AvoidanceKind
from node.models import Concern as Concern
from node.models import EventStatus as EventStatus
from node.models import FollowState as FollowState
from node.models import LinkPurpose as LinkPurpose
from node.models import MemberState as MemberState
from node.models import Mode as Mode
from node.models import NotificationKind as NotificationKind
from node.models import QuotePolicy as QuotePolicy
from node.models import ReportState as ReportState
from node.models import Role as Role
from node.models import Stage as Stage
from node.models import Visibility as Visibility
