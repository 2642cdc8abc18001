"""Laws of plans: performing one leaves nothing to do; a wire recreates nothing; the same two give the same plan."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.simulator import Refusal, Simulator
from tests.examples import examples
from topology.core.design import (
    Attachment,
    Dependency,
    Design,
    Healthcheck,
    Link,
    Mount,
    Network,
    Pool,
    Port,
    Resource,
    Service,
    Volume,
)
from topology.core.differences import PASSING
from topology.core.drift_plan import restrict
from topology.core.payload_network import wanted_endpoints
from topology.core.plan import Impact, Plan
from topology.core.planner import plan_apply, plan_down, plan_start, plan_stop

NAMES = ("a", "b", "c", "d")
NETWORKS = ("n", "o", "p")
HOOK = [{"command": ["true"]}]
OTHER = (
    {},
    {"secrets": ["s"]},
    {"post_start": HOOK, "pre_stop": HOOK},
    {"cpu_quota": 50_000},
    {"secrets": ["s"], "post_start": HOOK},
)
IMAGES = ("one", "two")


@st.composite
def wires(draw: st.DrawFn, *, place: int) -> tuple[Attachment, ...]:
    """Attachments of the service at `place`. Fixed addresses are of a small range, each service's own at any one time."""
    found = []
    for network in draw(st.lists(st.sampled_from(NETWORKS), unique=True, max_size=3)):
        aliases = tuple(draw(st.lists(st.sampled_from(("x", "y")), unique=True, max_size=2)))
        ipv4 = draw(st.sampled_from((None, "own"))) if network == "n" else None
        found.append(Attachment(network, aliases, ipv4="" if ipv4 is None else f"place-{place}"))
    return tuple(found)


@st.composite
def services(draw: st.DrawFn, *, place: int) -> Service:
    name, earlier = NAMES[place], NAMES[:place]
    mode = draw(st.sampled_from((None, None, None, "bridge", "none", "host", *(f"service:{one}" for one in earlier))))
    attachments = draw(wires(place=place)) if mode is None else ()
    if mode is None and not attachments:
        mode = "none"
    on_wires = mode is None or mode == "bridge"
    return Service(
        name,
        image=draw(st.sampled_from(IMAGES)),
        environment={"A": draw(st.sampled_from(("1", "2")))},
        network_mode=mode,
        attachments=attachments,
        links=tuple(Link(one, f"to-{one}") for one in earlier if on_wires and draw(st.booleans())),
        depends_on=tuple(
            Dependency(one, draw(st.sampled_from(("service_started", "service_healthy"))), restart=draw(st.booleans()))
            for one in earlier
            if draw(st.booleans())
        ),
        healthcheck=Healthcheck(test=("CMD", "true")),
        restart=draw(st.sampled_from((None, "always", "on-failure:2"))),
        mem_limit_bytes=draw(st.sampled_from((None, 64 * 1024**2, 128 * 1024**2))),
        mounts=(Mount("volume", "/data", draw(st.sampled_from(("v", "w", None)))),) if draw(st.booleans()) else (),
        other=draw(st.sampled_from(OTHER)),
        ports=(Port(80, draw(st.sampled_from((f"{8000 + place}", "9000")))),) if on_wires and draw(st.booleans()) else (),
        volumes_from=tuple(draw(st.lists(st.sampled_from(earlier), max_size=1))) if earlier else (),
        scale=draw(st.sampled_from((1, 1, 2))),
    )


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Stacks that an engine can run: no port and no fixed address twice, no link from docker0 to elsewhere."""
    count = draw(st.integers(1, len(NAMES)))
    found = {NAMES[place]: draw(services(place=place)) for place in range(count)}
    base = draw(st.sampled_from(("10.0.0", "10.1.0")))
    order = draw(st.permutations(range(2, 2 + count)))  # addresses that the engine gives by itself as well
    names = draw(st.permutations(("x", "y", "z", None)))  # which come to one and then to another
    taken: set[str | None] = set()
    for place, (name, service) in enumerate(list(found.items())):
        fixed = [replace(one, ipv4=f"{base}.{order[place]}" if one.ipv4 else None) for one in service.attachments]
        if any(one.ipv4 for one in fixed) or service.ports:
            service = replace(service, scale=1)
        ports = tuple(port for port in service.ports if port.published not in taken)
        taken |= {port.published for port in ports}
        alone = [link for link in service.links if service.mode != "bridge" or found[link.target].mode == "bridge"]
        target = found.get((service.network_mode or "").partition(":")[2])
        mode = "none" if target is not None and target.mode == "host" else service.network_mode
        own = names[place] if service.scale == 1 else None
        found[name] = replace(
            service, attachments=tuple(fixed), ports=ports, links=tuple(alone), network_mode=mode, container_name=own
        )
    networks = {
        "n": Network("n", pools=(Pool(f"{base}.0/24"),)),
        "o": Network("o", internal=draw(st.booleans())),
        "p": Network("p"),
    }
    secrets = {"s": Resource("s", content=draw(st.sampled_from(("one", "two"))))}
    return Design("p", found, networks, {key: Volume(key) for key in ("v", "w")}, secrets=secrets)


def check_files(engine: Simulator, design: Design) -> None:
    """Whatever runs has the files it is to have."""
    for one in engine.containers.values():
        wanted = {"/run/secrets/s"} if "secrets" in design.services[one.service].other else set()
        assert one.files.keys() == wanted, one.name


def perform(engine: Simulator, plan: Plan, *, steps: int | None = None, order: list[int] | None = None) -> bool:
    """Whether the engine did all of it. It may refuse one thing only, an address that was given away, and only as warned."""
    try:
        engine.perform(plan, steps=steps, order=order)
    except Refusal as refusal:
        warned = [note.message for note in plan.notes if note.code == "address-may-be-given"]
        address = next((word for word in str(refusal).split() if word.startswith("10.")), "none")
        assert any(f" asks for {address} on " in message for message in warned), refusal
        return False
    return True


def apply(engine: Simulator, design: Design) -> Simulator:
    """Apply, and where the engine refused as warned once more: that is all it takes."""
    if not perform(engine, plan_apply(design, engine.observe(), remove_orphans=True)):
        engine.perform(plan_apply(design, engine.observe(), remove_orphans=True))
    return engine


def engine_of(design: Design) -> Simulator:
    return apply(Simulator(images=IMAGES), design)


@examples(60)
@given(designs(), designs())
def test_applying_twice_does_nothing_the_second_time(before: Design, after: Design) -> None:
    engine = apply(engine_of(before), after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"
    check_files(engine, after)


@examples(60)
@given(designs(), designs(), st.integers(0, 30))
def test_an_apply_that_broke_off_anywhere_is_finished_by_the_next(before: Design, after: Design, steps: int) -> None:
    engine = engine_of(before)
    perform(engine, plan_apply(after, engine.observe(), remove_orphans=True), steps=steps)
    apply(engine, after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"
    check_files(engine, after)
    assert sorted(engine.containers) == sorted(
        after.container_name(name, number) for name, spec in after.services.items() for number in range(1, spec.scale + 1)
    )


@examples(60)
@given(designs(), designs(), st.integers(0, 2**32))
def test_any_order_that_keeps_to_the_needs_will_do(before: Design, after: Design, seed: int) -> None:
    engine = engine_of(before)
    plan = plan_apply(after, engine.observe(), remove_orphans=True)
    chance, done, order = random.Random(seed), set(), []
    while len(order) < len(plan.operations):
        ready = [i for i, one in enumerate(plan.operations) if i not in done and done.issuperset(one.needs)]
        order.append(chance.choice(ready))
        done.add(order[-1])
    if not perform(engine, plan, order=order):
        apply(engine, after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"


@examples(60)
@given(designs(), st.data())
def test_no_plan_recreates_when_only_user_networks_differ(before: Design, data: st.DataObject) -> None:
    moved = dict(before.services)
    for place, (name, service) in enumerate(before.services.items()):
        if service.mode == "networks":
            wanted = tuple(replace(one, ipv4=None) for one in data.draw(wires(place=place)))
            moved[name] = replace(service, attachments=wanted, network_mode=None if wanted else "none")
    engine = engine_of(before)
    ids = engine.ids()
    plan = plan_apply(replace(before, services=moved), engine.observe())
    assert {one.impact for one in plan.operations} <= {Impact.NEW, Impact.IN_PLACE, Impact.REMOVE}
    if not perform(engine, plan):
        engine.perform(plan_apply(replace(before, services=moved), engine.observe()))
    assert engine.ids() == ids


@examples(60)
@given(designs(), designs())
def test_the_same_two_give_the_same_plan(before: Design, after: Design) -> None:
    observed = engine_of(before).observe()
    turned = replace(
        observed, containers=observed.containers[::-1], networks=observed.networks[::-1], volumes=observed.volumes[::-1],
        images=dict(reversed(observed.images.items())),
    )  # fmt: skip
    assert plan_apply(after, observed).digest == plan_apply(after, turned).digest


@examples(60)
@given(designs(), st.booleans())
def test_down_leaves_nothing_but_what_it_was_not_asked_to_take(design: Design, volumes: bool) -> None:
    engine = engine_of(design)
    engine.perform(plan_stop(design, engine.observe()))
    engine.perform(plan_start(design, engine.observe()))
    kept = {} if volumes else dict(engine.volumes)
    engine.perform(plan_down(design, engine.observe(), remove_volumes=volumes))
    assert not engine.containers
    assert sorted(engine.networks) == ["bridge", "host", "none"]
    assert engine.volumes == kept


@examples(60)
@given(designs(), designs(), st.sampled_from([*(f"service:{one}" for one in NAMES), *(f"network:{one}" for one in NETWORKS)]))
def test_what_puts_back_one_object_leaves_no_other_stopped_or_off_its_networks(before: Design, after: Design, subject: str) -> None:
    engine = engine_of(before)
    were = {one.name: set(one.endpoints) for one in engine.containers.values()}
    done = perform(engine, restrict(plan_apply(after, engine.observe(), remove_orphans=True), after, subjects=[subject]))
    for one in engine.containers.values() if done else ():
        assert one.state == "running" and not one.name.endswith(PASSING), one.name
        wanted = set(wanted_endpoints(after, one.service)) if one.service in after.services else set()
        assert wanted & were.get(one.name, wanted) <= set(one.endpoints), one.name
    apply(engine, after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"
