import { parseDuration } from '@clew/api';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { formatCounted, formatDurationShort } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import type { FoldRule } from '../../../trace/fold-rule.ts';
import { serviceOf } from '../../../trace/trace-view.ts';
import type { ServiceShare } from '../../../trace/trace-view.ts';
import { Button } from '../../../ui/button.tsx';
import { useCommands } from '../../../ui/commands.tsx';
import { Field } from '../../../ui/field.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useReadable } from '../use-readable.ts';
import { selectRowOfSelected } from './select-row-of-selected.ts';
import './fold-menu.css';

const TEXTS = messages.trace.fold;

/** As many as stand in one line. */
const MAX_DURATIONS = 4;

interface FoldMenuProps {
  readonly state: TraceState;
}

/** Folds by a rule: by service, or what is short. */
export function FoldMenu({ state }: FoldMenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  useFoldCommands(state, () => setIsOpen(true));
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      className="fold-menu"
      button={{
        label: TEXTS.menu,
        title: TEXTS.menuTitle,
        children: (
          <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 4h10M5 8h6M7 12h2" />
          </svg>
        ),
      }}
      panel={{
        role: 'dialog',
        label: TEXTS.menu,
        className: 'fold-panel',
        takesFocus: true,
      }}
    >
      <ServiceRules state={state} />
      <DurationRules state={state} />
    </Popover>
  );
}

/** What the menu does, without it. */
function useFoldCommands(state: TraceState, onOpen: () => void): void {
  const { commands } = TEXTS;
  const { durationNs } = useReadable(state.view);
  const run = (rule: FoldRule) => () => foldByRule(state, rule);
  useCommands({
    title: messages.trace.commands.timeline.title,
    reach: 'view',
    commands: [
      { name: commands.borders, keys: ['b'], run: run({ type: 'borders' }) },
      { name: commands.insides, keys: ['B'], run: run({ type: 'insides' }) },
      { name: commands.open, keys: ['m'], run: onOpen },
      {
        name: commands.ofSelected,
        run: () => {
          const selected = state.selection.get();
          if (selected === undefined) return;
          foldByRule(state, { type: 'service', service: serviceOf(state.view.get(), selected) });
        },
        isAvailable: () => state.selection.get() !== undefined,
      },
      ...offeredDurationsNs(durationNs).map((belowNs) => ({
        name: commands.below(formatDurationShort(belowNs)),
        run: run({ type: 'below', durationNs: belowNs }),
      })),
    ],
  });
}

function ServiceRules({ state }: FoldMenuProps): ReactNode {
  const { services } = useReadable(state.view);
  const { rule } = useReadable(state.folding);
  return (
    <section>
      <h2>{TEXTS.byService}</h2>
      {(['borders', 'insides'] as const).map((type) => (
        <button
          key={type}
          type="button"
          aria-pressed={rule?.type === type}
          title={TEXTS[`${type}Title`]}
          onClick={() => foldByRule(state, { type })}
        >
          {TEXTS[type]}
        </button>
      ))}
      <Field label={TEXTS.service} className="fold-field">
        <Select
          value={rule?.type === 'service' ? keyOf(rule.service) : ''}
          options={[{ value: '', label: TEXTS.chooseService }, ...offerServices(services)]}
          onChange={(key) => {
            if (key === '') return;
            foldByRule(state, { type: 'service', service: key.slice(keyOf('').length) });
          }}
        />
      </Field>
    </section>
  );
}

/** A choice's value for a service: no service has that of the choice of none. */
function keyOf(service: string): string {
  return `of ${service}`;
}

function offerServices(services: readonly ServiceShare[]) {
  return services
    .filter(({ spanCount }) => spanCount > 0)
    .map(({ service, spanCount }) => ({
      value: keyOf(service),
      label: TEXTS.serviceOption(
        service === '' ? messages.trace.noName : service,
        formatCounted(spanCount, 'span'),
      ),
    }));
}

function DurationRules({ state }: FoldMenuProps): ReactNode {
  const view = useReadable(state.view);
  const { rule } = useReadable(state.folding);
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const durationNs = Number(parseDuration(text.replaceAll(/\s/g, '')) ?? 0n);
    setIsWrong(durationNs <= 0);
    if (durationNs > 0) foldByRule(state, { type: 'below', durationNs });
  };
  return (
    <section>
      <h2>{TEXTS.byDuration}</h2>
      <div className="fold-durations">
        {offeredDurationsNs(view.durationNs).map((durationNs) => (
          <button
            key={durationNs}
            type="button"
            aria-label={TEXTS.below(formatDurationShort(durationNs))}
            aria-pressed={rule?.type === 'below' && rule.durationNs === durationNs}
            onClick={() => foldByRule(state, { type: 'below', durationNs })}
          >
            {formatDurationShort(durationNs)}
          </button>
        ))}
      </div>
      <form className="fold-field" onSubmit={submit}>
        <Field label={TEXTS.otherDuration} error={isWrong ? TEXTS.noDuration : undefined}>
          <div className="fold-duration">
            <TextInput value={text} placeholder={TEXTS.durationExample} onChange={setText} />
            <Button type="submit">{TEXTS.collapse}</Button>
          </div>
        </Field>
      </form>
    </section>
  );
}

/** The powers of ten that are shorter than the trace, the longest last. */
function offeredDurationsNs(traceNs: number): readonly number[] {
  const longest = Math.max(MAX_DURATIONS - 1, Math.ceil(Math.log10(Math.max(traceNs, 1))) - 1);
  return Array.from({ length: MAX_DURATIONS }, (_, at) => 10 ** (longest - MAX_DURATIONS + 1 + at));
}

function foldByRule(state: TraceState, rule: FoldRule): void {
  state.foldByRule(rule);
  selectRowOfSelected(state);
}
