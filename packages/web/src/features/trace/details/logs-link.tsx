import { useId, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { openBrowserStorage } from '../../../state/browser-storage.ts';
import { messages } from '../../../messages/messages.ts';
import {
  LOGS_LINK_NAMES,
  formatLogsLink,
  readLogsLink,
  writeLogsLink,
} from '../../../state/logs-link.ts';
import type { LogsLinkValues } from '../../../state/logs-link.ts';
import { sentStartOf, serviceOf, spanIdOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { Button } from '../../../ui/button.tsx';

export interface LogsLinkProps {
  readonly view: TraceView;
  readonly spanIndex: number;
}

const texts = messages.trace.logs;

/** Leads to the logs of a span, wherever the reader keeps them. */
export function LogsLink({ view, spanIndex }: LogsLinkProps): ReactNode {
  const [template, setTemplate] = useState(() => readLogsLink(openBrowserStorage()));
  const [isEdited, setIsEdited] = useState(false);
  const link = formatLogsLink(template, valuesOf(view, spanIndex));
  const save = (next: string) => {
    writeLogsLink(openBrowserStorage(), next);
    setTemplate(next);
    setIsEdited(false);
  };
  return (
    <>
      <dt>{texts.name}</dt>
      <dd>
        {isEdited ? (
          <TemplateForm template={template} onSave={save} onCancel={() => setIsEdited(false)} />
        ) : (
          <>
            {link === undefined ? undefined : (
              <a className="span-link" href={link} target="_blank" rel="noreferrer">
                {texts.open}
              </a>
            )}{' '}
            <button type="button" className="logs-edit" onClick={() => setIsEdited(true)}>
              {link === undefined ? texts.setUp : texts.change}
            </button>
          </>
        )}
      </dd>
    </>
  );
}

interface TemplateFormProps {
  readonly template: string;
  readonly onSave: (template: string) => void;
  readonly onCancel: () => void;
}

function TemplateForm({ template, onSave, onCancel }: TemplateFormProps): ReactNode {
  const id = useId();
  const [text, setText] = useState(template);
  const isWrong = text.trim() !== '' && formatLogsLink(text, EXAMPLE) === undefined;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong) onSave(text.trim());
  };
  return (
    <form className="logs-form" onSubmit={onSubmit}>
      <label htmlFor={id}>{texts.template}</label>
      <input
        id={id}
        autoFocus
        value={text}
        spellCheck={false}
        placeholder="https://logs.example/search?q=${traceId}"
        aria-invalid={isWrong}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onCancel();
        }}
      />
      <p id={`${id}-hint`}>
        {isWrong ? texts.wrong : texts.hint(LOGS_LINK_NAMES.map((name) => `\${${name}}`).join(' '))}
      </p>
      <Button type="submit" disabled={isWrong}>
        {texts.save}
      </Button>
      <Button look="quiet" onClick={onCancel}>
        {texts.cancel}
      </Button>
    </form>
  );
}

const EXAMPLE: LogsLinkValues = {
  traceId: '1',
  spanId: '1',
  service: 'a',
  startMs: '1',
  endMs: '1',
};

function valuesOf(view: TraceView, spanIndex: number): LogsLinkValues {
  const durationNs = Math.round(view.durationsNs[spanIndex] ?? 0);
  const startNano = sentStartOf(view, spanIndex);
  return {
    traceId: view.traceId,
    spanId: spanIdOf(view, spanIndex),
    service: serviceOf(view, spanIndex),
    startMs: String(startNano / 1_000_000n),
    // Rounded up, so that a log of the last moment is in it.
    endMs: String((startNano + BigInt(durationNs)) / 1_000_000n + 1n),
  };
}
