"""What a supposition (giả định) is: everything that is to differ from the campaign, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xlscore.campaign import Campaign
from xlscore.settings import Grade, Policies
from xlscore.supposing.weights import Weights


@dataclass(frozen=True, slots=True)
class SupposedScore:
    """An achieved score of one row that is to be another, on the supposed scale."""

    unit: str
    node: str
    points: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SupposedAbsence:
    """A row, or a group of rows, that is not to apply to a unit."""

    unit: str
    node: str
    reason: str = ""


@dataclass(frozen=True)
class Supposition:
    """One scenario (kịch bản).

    Attributes:
        bands: by tier, where they are named.
        maxima: the new maxima as entered, by tier and node id; `weights`: what follows from them.
    """

    title: str
    policies: Policies
    bands: Mapping[str, tuple[Grade, ...]] = field(default_factory=dict)
    maxima: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)
    scores: tuple[SupposedScore, ...] = ()
    absences: tuple[SupposedAbsence, ...] = ()

    def campaign(self, campaign: Campaign) -> Campaign:
        """Return the campaign with the settings that are supposed; its rubrics stay."""
        tiers = {
            tier: own.model_copy(update={"bands": self.bands.get(tier, own.bands)})
            for tier, own in campaign.settings.tiers.items()
        }
        update = {"policies": self.policies, "tiers": tiers}
        settings = campaign.settings.model_copy(update=update)
        # Not `replace` with the caches: a campaign keeps what it has settled beside its fields.
        return Campaign(
            settings, campaign.units, campaign.rubrics, campaign.surveys, campaign.calendar
        )

    def other_policies(self, campaign: Campaign) -> Iterator[str]:
        """Yield the names of the policies that differ from the campaign's."""
        own = campaign.settings.policies
        for name in Policies.model_fields:
            if getattr(self.policies, name) != getattr(own, name):
                yield name

    def other_bands(self, campaign: Campaign) -> Iterator[str]:
        """Yield the tiers whose bands differ from the campaign's."""
        for tier, bands in self.bands.items():
            if bands != campaign.settings.tiers[tier].bands:
                yield tier

    def other_maxima(self, campaign: Campaign) -> Iterator[tuple[str, str, Decimal, Decimal]]:
        """Yield the maxima that differ: tier, node id, the campaign's, the supposed one."""
        for tier, maxima in self.maxima.items():
            nodes = campaign.rubrics[tier].by_id
            for node, maximum in maxima.items():
                if maximum != nodes[node].max:
                    yield tier, node, nodes[node].max, maximum

    def is_empty(self, campaign: Campaign) -> bool:
        """Whether nothing differs."""
        others = (self.other_policies, self.other_bands, self.other_maxima)
        told = self.scores or self.absences
        return not told and not any(True for other in others for _ in other(campaign))
