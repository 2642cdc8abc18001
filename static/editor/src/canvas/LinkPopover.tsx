// A link asks under which name the client reaches the server; where the two share no network it says so and offers the fix.
import { Button, Radio, TextInput } from "@mantine/core";
import { IconArrowNarrowRight } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { link } from "../model/gestures";
import { editor } from "../model/store";
import { aliasProblem, type Meeting, networkWord } from "../model/wiring";
import { Anchored } from "./Anchored";
import classes from "./LinkPopover.module.css";
import { closePopup, type Popup } from "./state";

const key = (meeting: Meeting) => `${meeting.network}|${meeting.joining.join()}`;
const words = ({ network, joining }: Meeting) =>
  joining.length > 1
    ? `Put both on ${networkWord(network)}`
    : `Put ${joining[0] ?? "both"} on ${networkWord(network)}${joining.length ? " too" : ""}`;

export function LinkPopover({ popup }: { popup: Extract<Popup, { kind: "link" }> }) {
  const { client, server, shared, fixes, screen } = popup;
  const [alias, setAlias] = useState(server);
  const [chosen, setChosen] = useState(fixes[0] ? key(fixes[0]) : "");
  const { stack } = editor.get();
  const problem = stack ? aliasProblem(stack.graph, client, server, alias) : "";
  const meeting = fixes.find((one) => key(one) === chosen) ?? null;
  const bridged = shared.includes("@bridge") || meeting?.network === "@bridge";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    closePopup();
    link(client, server, alias, meeting);
  };
  return (
    <Anchored screen={screen} label={`Link ${client} to ${server}`} width={320}>
      <form className={classes.form} onSubmit={submit}>
        <h3 className={classes.title}>
          <span>{client}</span>
          <IconArrowNarrowRight size={18} aria-label="to" />
          <span>{server}</span>
        </h3>
        {shared.length === 0 && (
          <div className={classes.apart} role="note">
            <p>
              {client} and {server} share no network, so {client} could not reach it. Put both on a network:
            </p>
            {fixes.length ? (
              <Radio.Group value={chosen} onChange={setChosen} aria-label="Network to meet on">
                {fixes.slice(0, 5).map((one) => (
                  <Radio key={key(one)} size="xs" mt={6} value={key(one)} label={words(one)} />
                ))}
              </Radio.Group>
            ) : (
              <p>There is no network yet; add one first.</p>
            )}
          </div>
        )}
        <TextInput
          data-autofocus
          label="Reached as"
          description={
            bridged
              ? `On docker0 the link is what makes the name work in ${client}`
              : `${client} gets this name for it, beside those of the network`
          }
          value={alias}
          spellCheck={false}
          onChange={(event) => setAlias(event.currentTarget.value.trim())}
          onFocus={(event) => event.currentTarget.select()}
          error={problem || undefined}
        />
        <div className={classes.actions}>
          <Button variant="default" size="xs" onClick={closePopup}>
            Cancel
          </Button>
          <Button type="submit" size="xs" disabled={Boolean(problem) || (!shared.length && !meeting)}>
            {meeting ? "Connect and link" : "Link"}
          </Button>
        </div>
      </form>
    </Anchored>
  );
}
