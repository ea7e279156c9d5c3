import type { TraceForm } from '@clew/api';
import { useEffect, useRef, useState } from 'react';
import { saveFile } from '../../../ui/save-file.ts';
import type { TraceClient } from '../trace-client.ts';
import { loadJson } from './load-json.ts';
import { nameTraceFile } from './trace-form.ts';

export interface SavingTrace {
  /** The bytes that have come; undefined while nothing is being saved. */
  readonly progress: number | undefined;
  readonly error: string | undefined;
  readonly save: (form: TraceForm) => void;
  readonly cancel: () => void;
}

/** Saves a trace without showing it, and ends when the page goes. */
export function useSaveTrace(client: TraceClient, traceId: string): SavingTrace {
  const [progress, setProgress] = useState<number | undefined>(undefined);
  const [error, setError] = useState<string | undefined>(undefined);
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const save = async (form: TraceForm) => {
    const controller = new AbortController();
    const { signal } = controller;
    abort.current = controller;
    setError(undefined);
    setProgress(0);
    try {
      const json = await loadJson(client, { traceId, form, signal, onProgress: setProgress });
      saveFile(json, nameTraceFile(traceId, form));
    } catch (cause) {
      if (!signal.aborted) setError(cause instanceof Error ? cause.message : String(cause));
    }
    setProgress(undefined);
  };
  return {
    progress,
    error,
    save: (form) => void save(form),
    cancel: () => abort.current?.abort(),
  };
}
