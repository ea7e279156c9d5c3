import { parseTraceId } from '@clew/model';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { serviceColorIndex } from '../../base/service-color.ts';
import { describeConditions, describeRest } from '../../features/search/history/describe-search.ts';
import { useServices } from '../../features/search/use-services.ts';
import { messages } from '../../messages/messages.ts';
import type { KeptSearch } from '../../state/search-history.ts';
import { parseSearchState } from '../../state/search-state.ts';
import { useTimeZone } from '../../ui/time-zone.tsx';
import { API_DESCRIPTION, PLACES } from '../places.ts';
import { findTraceId } from './palette-entries.ts';
import type { PaletteEntry, PaletteGroup } from './palette-entries.ts';

const TEXTS = messages.app.palette;

export interface Places {
  readonly groups: readonly PaletteGroup[];
  /** The trace that the text names by its id: it goes before all else. */
  readonly trace: PaletteGroup | undefined;
  readonly servicesError: Error | undefined;
}

/** Where one can go from anywhere: pages, traces, searches and services. */
export function usePlaces(text: string): Places {
  const { client, searchHistory, recentTraces } = useRouter().options.context;
  const navigate = useNavigate();
  const zone = useTimeZone();
  const traces = useSyncExternalStore(recentTraces.subscribe, recentTraces.get);
  const { saved, recent } = useSyncExternalStore(searchHistory.subscribe, searchHistory.get);
  const services = useServices(client);
  const search = (values: KeptSearch['values']) => void navigate({ to: '/search', search: values });
  const openTrace = (traceId: string) =>
    void navigate({ to: '/trace/$traceId', params: { traceId }, search: {} });
  const searchEntry = (values: KeptSearch['values'], name?: string): PaletteEntry => {
    const state = parseSearchState(values);
    const conditions = describeConditions(state);
    const rest = describeRest(state, zone);
    return {
      id: name ?? JSON.stringify(values),
      name: name ?? conditions,
      note: name === undefined ? rest : `${conditions} · ${rest}`,
      run: () => search(values),
    };
  };
  const groups = [
    { title: TEXTS.goTo, entries: pageEntries((to) => void navigate({ to, search: {} })) },
    {
      title: TEXTS.traces,
      entries: traces.map(({ traceId, name, service }) => ({
        id: traceId,
        name: name === '' ? messages.trace.noName : name,
        note: `${service} · ${traceId.slice(0, 8)}`,
        run: () => openTrace(traceId),
      })),
    },
    { title: TEXTS.saved, entries: saved.map(({ name, values }) => searchEntry(values, name)) },
    { title: TEXTS.recent, entries: recent.map(({ values }) => searchEntry(values)) },
    {
      title: TEXTS.services,
      entries: (services.data ?? []).map((service) => ({
        id: service,
        name: service,
        serviceColor: serviceColorIndex(service),
        run: () => search({ service }),
      })),
    },
  ];
  return {
    groups,
    trace: traceGroup(text, openTrace),
    servicesError: services.error ?? undefined,
  };
}

function pageEntries(go: (to: (typeof PLACES)[number]['to']) => void): readonly PaletteEntry[] {
  return [
    ...PLACES.map(({ to, name }) => ({ id: to, name, run: () => go(to) })),
    {
      id: API_DESCRIPTION,
      name: messages.app.api,
      note: TEXTS.apiNote,
      run: () => void window.open(API_DESCRIPTION, '_blank', 'noreferrer'),
    },
  ];
}

function traceGroup(text: string, open: (traceId: string) => void): PaletteGroup | undefined {
  const traceId = parseTraceId(findTraceId(text) ?? '');
  if (traceId === undefined) return undefined;
  return {
    title: TEXTS.goTo,
    entries: [{ id: traceId, name: TEXTS.traceById(traceId), run: () => open(traceId) }],
  };
}
