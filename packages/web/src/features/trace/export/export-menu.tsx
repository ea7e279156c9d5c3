import { useContext, useState } from 'react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { Button } from '../../../ui/button.tsx';
import { writeToClipboard } from '../../../ui/copy-button.tsx';
import { writeEmbedCode } from '../../../ui/embed-address.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useTheme } from '../../../ui/theme.tsx';
import type { TraceClient } from '../trace-client.ts';
import { useReadable } from '../use-readable.ts';
import { describeTrace } from './describe-trace.ts';
import { PictureSlot } from './picture-source.ts';
import { TRACE_FORMS } from './trace-form.ts';
import { useSaveTrace } from './use-save-trace.ts';
import './export-menu.css';

const TEXTS = messages.exported;

export interface ExportMenuProps {
  readonly client: TraceClient;
  readonly view: TraceView;
}

/** Saves the picture and the trace, and writes the code that puts the page into another one. */
export function ExportMenu(props: ExportMenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      className="export"
      button={{
        label: TEXTS.button,
        title: TEXTS.title,
        children: (
          <>
            <Icon name="download" />
            <span className="export-name">{TEXTS.button}</span>
          </>
        ),
      }}
      panel={{
        role: 'group',
        label: TEXTS.button,
        className: 'export-panel',
        takesFocus: false,
      }}
    >
      <PictureItems view={props.view} />
      <TraceItems {...props} />
      <EmbedItem title={describeTitle(props.view)} />
    </Popover>
  );
}

function describeTitle(view: TraceView): string {
  return describeTrace(view, 'utc').title;
}

/** The picture that is on the page, if it is one. */
function PictureItems({ view }: Pick<ExportMenuProps, 'view'>): ReactNode {
  const source = useReadable(useContext(PictureSlot));
  const zone = useTimeZone();
  const [isPainting, setIsPainting] = useState(false);
  const [error, setError] = useState<string | undefined>(undefined);
  const save = async (extension: 'svg' | 'png') => {
    if (source === undefined || isPainting) return;
    setError(undefined);
    setIsPainting(true);
    try {
      const caption = describeTrace(view, zone);
      const file =
        extension === 'png'
          ? await source.paintPng(caption)
          : new Blob([source.writeSvg(caption)], { type: 'image/svg+xml' });
      saveFile(file, `trace-${view.traceId}-${source.name}.${extension}`);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
    setIsPainting(false);
  };
  return (
    <section>
      <h2>{TEXTS.picture}</h2>
      {source === undefined ? <p>{TEXTS.noPicture}</p> : undefined}
      {(['png', 'svg'] as const).map((extension) => (
        <button
          key={extension}
          type="button"
          disabled={source === undefined}
          onClick={() => void save(extension)}
        >
          {TEXTS[extension]}
        </button>
      ))}
      {isPainting ? <p role="status">{TEXTS.painting}</p> : undefined}
      <Problem text={error} />
    </section>
  );
}

function TraceItems({ client, view }: ExportMenuProps): ReactNode {
  const { progress, error, save, cancel } = useSaveTrace(client, view.traceId);
  return (
    <section>
      <h2>{TEXTS.trace}</h2>
      {TRACE_FORMS.map((form) => (
        <button
          key={form}
          type="button"
          title={TEXTS.forms[form].title}
          aria-disabled={progress !== undefined}
          onClick={() => progress === undefined && save(form)}
        >
          {TEXTS.forms[form].name}
        </button>
      ))}
      {progress === undefined ? undefined : (
        <p role="status">
          {TEXTS.saving(formatBytes(progress))} <Button onClick={cancel}>{TEXTS.cancel}</Button>
        </p>
      )}
      <Problem text={error} />
    </section>
  );
}

/** Of the address as it is now: what is on the screen is in it. */
function EmbedItem({ title }: { readonly title: string }): ReactNode {
  const theme = useTheme();
  const [outcome, setOutcome] = useState<string>();
  const copy = async () => {
    const code = writeEmbedCode(location.href, { theme, title });
    setOutcome((await writeToClipboard(code)) ? TEXTS.copied : TEXTS.notCopied);
  };
  return (
    <section>
      <h2>{TEXTS.page}</h2>
      <button type="button" onClick={() => void copy()}>
        {TEXTS.embed}
      </button>
      <p role="status">
        {outcome ?? (
          <>
            {TEXTS.embedTitle} <code>{TEXTS.embedOption}</code>
          </>
        )}
      </p>
    </section>
  );
}

function Problem({ text }: { readonly text: string | undefined }): ReactNode {
  if (text === undefined) return undefined;
  return (
    <p className="export-problem" role="alert">
      {text}
    </p>
  );
}
