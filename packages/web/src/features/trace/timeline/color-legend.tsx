import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { isolatedText } from '../../../base/visible-text.ts';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { COLORINGS, groupColors } from '../../../trace/color-spans.ts';
import type { ColorGroup } from '../../../trace/color-spans.ts';
import { formatAttribute } from '../../../trace/span-attribute.ts';
import { Button } from '../../../ui/button.tsx';
import { useCommands } from '../../../ui/commands.tsx';
import { AttributeChoice } from '../attribute-choice.tsx';
import type { TraceClient } from '../trace-client.ts';
import { useAttributeValues } from '../use-attribute-values.ts';
import type { LoadedValues } from '../use-attribute-values.ts';
import { useReadable } from '../use-readable.ts';
import { nameColorGroup } from './name-color-group.ts';

const TEXTS = messages.trace.colors;

/** A trace may have thousands of names; the rarest are in nobody's way. */
const MAX_GROUPS = 100;

export interface ColorLegendProps {
  readonly client: TraceClient;
  readonly state: TraceState;
}

/** What the colours stand for, and each of them with how many spans have it; what does not fit scrolls. */
export function ColorLegend({ client, state }: ColorLegendProps): ReactNode {
  const view = useReadable(state.view);
  const coloring = useReadable(state.coloring);
  const values = useReadable(state.colorValues);
  const loaded = useColorValues({ client, state });
  const groups = useMemo(() => groupColors(view, coloring, values), [view, coloring, values]);
  const isByAttribute = typeof coloring !== 'string';
  return (
    <>
      <ColorChoice client={client} state={state} />
      {isByAttribute && groups === undefined ? (
        <ValuesPending loaded={loaded} name={coloring.key} />
      ) : (
        <ul
          className="color-legend"
          aria-label={
            isByAttribute ? TEXTS.legendOf(formatAttribute(coloring)) : TEXTS.legends[coloring]
          }
        >
          {groups?.slice(0, MAX_GROUPS).map((group) => (
            <LegendItem
              key={group.label === undefined ? 'without' : `with ${group.label}`}
              group={group}
              isByStatus={coloring === 'status'}
            />
          ))}
          {groups !== undefined && groups.length > MAX_GROUPS ? (
            <li className="color-legend-count">{TEXTS.more(groups.length - MAX_GROUPS)}</li>
          ) : undefined}
        </ul>
      )}
    </>
  );
}

/** Reads the values of the attribute that colours stand for, and hands them to the page. */
function useColorValues({ client, state }: ColorLegendProps): LoadedValues {
  const view = useReadable(state.view);
  const coloring = useReadable(state.coloring);
  const attribute = typeof coloring === 'string' ? undefined : coloring;
  const loaded = useAttributeValues(client, view, attribute);
  const { values } = loaded;
  // A newer answer of the trace has none.
  const taken = useReadable(state.colorValues);
  useEffect(() => {
    if (attribute === undefined || values === undefined || values === taken) return;
    state.setColorValues(attribute, values);
  }, [state, attribute, values, taken]);
  return loaded;
}

const ATTRIBUTE = 'attribute';

function ColorChoice({ client, state }: ColorLegendProps): ReactNode {
  const view = useReadable(state.view);
  const coloring = useReadable(state.coloring);
  const [isChoosing, setIsChoosing] = useState(false);
  const attribute = typeof coloring === 'string' ? undefined : coloring;
  const isByAttribute = isChoosing || attribute !== undefined;
  const choose = (text: string) => {
    setIsChoosing(text === ATTRIBUTE);
    const chosen = COLORINGS.find((one) => one === text);
    if (chosen !== undefined) state.setColoring(chosen);
  };
  const frame = useRef<HTMLDivElement>(null);
  useCommands({
    title: messages.trace.commands.title,
    reach: 'page',
    commands: [
      ...COLORINGS.map((one) => ({
        name: messages.trace.commands.colorBy(TEXTS.names[one]),
        run: () => choose(one),
        isAvailable: () => one !== coloring,
      })),
      {
        name: messages.trace.commands.colorByAttribute,
        run: () => {
          // The field must be there to be gone to.
          flushSync(() => setIsChoosing(true));
          frame.current?.querySelector('input')?.focus();
        },
      },
    ],
  });
  return (
    <div ref={frame} className="color-choice">
      <label>
        {TEXTS.by}
        <select
          value={isChoosing || typeof coloring !== 'string' ? ATTRIBUTE : coloring}
          onChange={({ target }) => choose(target.value)}
        >
          {COLORINGS.map((one) => (
            <option key={one} value={one}>
              {TEXTS.names[one]}
            </option>
          ))}
          <option value={ATTRIBUTE}>{TEXTS.attribute}</option>
        </select>
      </label>
      {isByAttribute ? (
        <AttributeChoice
          key={attribute === undefined ? '' : formatAttribute(attribute)}
          client={client}
          view={view}
          label={TEXTS.chooseAttribute}
          value={attribute}
          onChange={(next) => {
            setIsChoosing(false);
            state.setColoring(next);
          }}
        />
      ) : undefined}
    </div>
  );
}

function ValuesPending({
  loaded: { error, retry },
  name,
}: {
  readonly loaded: LoadedValues;
  readonly name: string;
}): ReactNode {
  const texts = messages.trace.attributeChoice;
  if (error === undefined) {
    return (
      <p className="color-legend" role="status">
        {texts.loadingValues(name)}
      </p>
    );
  }
  return (
    <p className="color-legend color-legend-problem" role="alert">
      {`${texts.problem}: ${error.message}`}
      <Button look="quiet" onClick={retry}>
        {messages.trace.views.retry}
      </Button>
    </p>
  );
}

interface LegendItemProps {
  readonly group: ColorGroup;
  readonly isByStatus: boolean;
}

function LegendItem({ group, isByStatus }: LegendItemProps): ReactNode {
  const { color, spanCount, errorCount } = group;
  const label = nameColorGroup(group);
  return (
    <li data-service-color={color} title={TEXTS.item(isolatedText(label), spanCount, errorCount)}>
      <span className="color-legend-mark" />
      <span className="color-legend-name">
        <bdi>{label}</bdi>
      </span>
      <span className="color-legend-count">{formatCount(spanCount)}</span>
      {errorCount > 0 && !isByStatus ? (
        <span className="color-legend-errors">{TEXTS.failed(errorCount)}</span>
      ) : undefined}
    </li>
  );
}
