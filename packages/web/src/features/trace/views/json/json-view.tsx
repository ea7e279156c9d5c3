import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatBytes, formatCounted } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import { JSON_FORMS } from '../../../../state/view-options.ts';
import type { JsonForm } from '../../../../state/view-options.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { Button } from '../../../../ui/button.tsx';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ProgressLine } from '../../../../ui/progress-line.tsx';
import { saveFile } from '../../../../ui/save-file.ts';
import { useReadable } from '../../use-readable.ts';
import { useScrollMemory } from '../../use-scroll-memory.ts';
import type { ScrollMemory } from '../../../../ui/scroll-memory.ts';
import { loadJson } from '../../export/load-json.ts';
import { nameTraceFile, toTraceForm } from '../../export/trace-form.ts';
import { useSaveTrace } from '../../export/use-save-trace.ts';
import { Segments } from '../../../../ui/segments.tsx';
import type { TraceClient } from '../../trace-client.ts';
import type { ViewProps } from '../view-props.ts';
import { ViewTools } from '../view-tools.tsx';
import { JsonText } from './json-text.tsx';
import { writeOut } from './write-out.ts';
import './json-view.css';

const TEXTS = messages.trace.json;

/** A span with ten attributes, as both forms write it. */
const BYTES_PER_SPAN = 1_300;
/** A trace of more spans is shown when somebody asks for it. */
const MAX_UNASKED_SPANS = 10_000;
/** More than this is a text of some hundreds of megabytes. */
const MAX_SHOWN_SPANS = 150_000;

/** The trace as JSON. */
export function JsonView({ client, state }: ViewProps): ReactNode {
  const view = useReadable(state.view);
  const { jsonForm: form } = useReadable(state.options);
  const memory = useScrollMemory(state, 'json');
  const [isWanted, setIsWanted] = useState(false);
  const isShown = view.spanCount <= MAX_UNASKED_SPANS || isWanted;
  return (
    <>
      <ViewTools>
        <Segments
          label={TEXTS.form}
          value={form}
          options={JSON_FORMS.map((value) => ({
            value,
            label: TEXTS[value],
            title: value === 'clew' ? TEXTS.clewTitle : TEXTS.otlpTitle,
          }))}
          onChange={(jsonForm) => state.setOptions({ jsonForm })}
        />
        {isShown ? undefined : <SaveButton client={client} view={view} form={form} />}
      </ViewTools>
      {isShown ? (
        <LoadedJson client={client} view={view} form={form} memory={memory} />
      ) : (
        <LargeJson view={view} onShow={() => setIsWanted(true)} />
      )}
    </>
  );
}

interface JsonProps {
  readonly client: TraceClient;
  readonly view: TraceView;
  readonly form: JsonForm;
}

function LoadedJson({
  client,
  view,
  form,
  memory,
}: JsonProps & { readonly memory: ScrollMemory }): ReactNode {
  const [bytes, setBytes] = useState(0);
  const { traceId, spanCount } = view;
  const loaded = useQuery({
    queryKey: ['trace-json', traceId, spanCount, form],
    queryFn: async ({ signal }) => {
      const json = await loadJson(client, {
        traceId,
        form: toTraceForm(form),
        signal,
        onProgress: setBytes,
      });
      return writeOut(json, signal);
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    // A text of many megabytes is not kept for later.
    gcTime: 0,
  });
  const { data, error } = loaded;
  if (error !== null) {
    return (
      <div className="view-problem">
        <Notice kind="error" title={TEXTS.failed}>
          <p>{error.message}</p>
          <Button onClick={() => void loaded.refetch()}>{TEXTS.retry}</Button>
        </Notice>
      </div>
    );
  }
  if (data === undefined) {
    return (
      <>
        <ProgressLine active label={TEXTS.label} />
        <p className="view-note" role="status">
          {TEXTS.loading(formatBytes(bytes))}
        </p>
      </>
    );
  }
  return (
    <>
      <ViewTools>
        <output>{TEXTS.size(formatBytes(data.text.length), data.lineStarts.length)}</output>
        <CopyButton text={data.text} label={TEXTS.copy} />
        <Button
          onClick={() =>
            saveFile(new Blob([data.text]), nameTraceFile(view.traceId, toTraceForm(form)))
          }
        >
          {TEXTS.save}
        </Button>
      </ViewTools>
      <JsonText lines={data} memory={memory} />
    </>
  );
}

function LargeJson({
  view: { spanCount },
  onShow,
}: {
  readonly view: TraceView;
  readonly onShow: () => void;
}): ReactNode {
  const isTooLarge = spanCount > MAX_SHOWN_SPANS;
  const size = formatBytes(Number((spanCount * BYTES_PER_SPAN).toPrecision(1)));
  return (
    <div className="view-problem">
      <Notice kind="note" title={TEXTS.large(formatCounted(spanCount, 'span'), size)}>
        <p>{isTooLarge ? TEXTS.tooLarge : TEXTS.largeWhy}</p>
        {isTooLarge ? undefined : <Button onClick={onShow}>{TEXTS.show}</Button>}
      </Notice>
    </div>
  );
}

/** Saves the JSON without showing it. */
function SaveButton({ client, view, form }: JsonProps): ReactNode {
  const { progress, error, save, cancel } = useSaveTrace(client, view.traceId);
  if (progress !== undefined) {
    return (
      <>
        <output>{TEXTS.saving(formatBytes(progress))}</output>
        <Button onClick={cancel}>{TEXTS.cancel}</Button>
      </>
    );
  }
  return (
    <>
      {error === undefined ? undefined : (
        <span className="table-failed" role="alert">
          {error}
        </span>
      )}
      <Button onClick={() => save(toTraceForm(form))}>{TEXTS.save}</Button>
    </>
  );
}
