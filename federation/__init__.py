"""The language: ActivityPub and its neighbours. Pure but for `client`; imports nothing of ours."""
