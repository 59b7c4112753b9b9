"""The verbs of the village's records in the words of the history."""

from __future__ import annotations

from villagedesk.text import Text, say

VERBS: dict[str, Text] = {
    "indicator.save": say("Entered figures of the village"),
    "village_plan.save": say("Saved the village plan"),
    "village_plan.remove": say("Took off a village plan"),
    "facility.save": say("Saved a facility"),
    "facility.remove": say("Took off a facility"),
    "contact.save": say("Saved a contact"),
    "contact.remove": say("Took off a contact"),
    "activity.save": say("Saved a training or meeting"),
    "activity.remove": say("Took off a training or meeting"),
    "survey.save": say("Wrote down what a list of the scheme asks"),
    "notice.renew": say("Drafted the next paper of a standing notice"),
    "purchase.save": say("Noted what was bought of the village"),
    "purchase.remove": say("Took off a purchase"),
    "project.save": say("Saved a project"),
    "project.approve": say("Project approved"),
    "project.start": say("Project begun"),
    "project.finish": say("Project finished"),
    "project.accept": say("Project accepted"),
    "project.stop": say("Project given up"),
    "fund.save": say("Saved a fund"),
    "fund.split": say("Entered money by the rule of the scheme"),
    "fund.remove": say("Took off a fund"),
    "payment.save": say("Booked a line of the ledger"),
    "payment.cancel": say("Struck out a line of the ledger"),
    "donation.save": say("Registered a gift"),
    "donation.remove": say("Took off a gift"),
    "asset.save": say("Saved an asset"),
    "share.roster": say("Began a year's roster of shares"),
    "share.save": say("Entered shares"),
    "distribution.reckon": say("Shared out the income of an asset"),
    "distribution.decide": say("A meeting agreed to a distribution"),
    "distribution.pay": say("Distribution paid out"),
    "data_request.save": say("Noted a request for figures"),
    "data_request.remove": say("Took off a request for figures"),
}
"""Verb → what was done."""
