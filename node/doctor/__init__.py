"""talanoa doctor: looks at the node from inside and from outside, and says in words what is wrong."""

from node.doctor.command import doctor as doctor
