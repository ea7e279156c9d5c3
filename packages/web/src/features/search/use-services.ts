import type { ClewClient } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ComboboxOption } from '../../ui/combobox-options.ts';

const STALE_AFTER_MS = 30_000;

/** While nothing has ever arrived, the page looks for the first service this often. */
const FIRST_SERVICE_POLL_MS = 2000;

/** The names of all services, sorted. */
export function useServices(client: ClewClient): UseQueryResult<readonly string[]> {
  return useQuery({
    queryKey: ['services'],
    queryFn: async ({ signal }) => (await client.listServices({ signal })).services,
    staleTime: STALE_AFTER_MS,
    refetchInterval: ({ state }) => (state.data?.length === 0 ? FIRST_SERVICE_POLL_MS : false),
  });
}

/** The span names of a service with their kinds, for completion; nothing while no service is named. */
export function useOperations(
  client: ClewClient,
  service: string,
): UseQueryResult<readonly ComboboxOption[]> {
  const services = useServices(client).data;
  return useQuery({
    queryKey: ['operations', service],
    queryFn: async ({ signal }) => {
      const { operations } = await client.listOperations(service, { signal });
      return toOptions(operations);
    },
    enabled: services?.includes(service) === true,
    staleTime: STALE_AFTER_MS,
  });
}

/** One option a name, with all the kinds it was seen as. */
function toOptions(
  operations: readonly { readonly spanName: string; readonly spanKind: string }[],
): ComboboxOption[] {
  const kindsByName = new Map<string, string[]>();
  for (const { spanName, spanKind } of operations) {
    const kinds = kindsByName.get(spanName);
    if (kinds === undefined) kindsByName.set(spanName, [spanKind]);
    else kinds.push(spanKind);
  }
  return [...kindsByName].map(([value, kinds]) => ({ value, note: kinds.join(', ') }));
}
