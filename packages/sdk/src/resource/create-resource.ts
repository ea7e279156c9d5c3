import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Attributes } from '@opentelemetry/api';
import type { Variables } from '../config/environment.ts';
import type { SdkConfig } from '../config/resolve-config.ts';
import { readTextFile } from '../read-file.ts';
import type { ReadFile } from '../read-file.ts';
import { SDK_NAME, SDK_VERSION } from '../version.ts';
import { detectCloud } from './detect-cloud.ts';
import { detectContainer } from './detect-container.ts';
import { detectHost } from './detect-host.ts';
import { detectKubernetes } from './detect-kubernetes.ts';
import { detectOs } from './detect-os.ts';
import { detectProcess } from './detect-process.ts';

type ResourceConfig = Pick<SdkConfig, 'serviceName' | 'resourceAttributes' | 'commandArgs'>;

/**
 * Describes this process, after OpenTelemetry's semantic conventions for resources. What program and environment say of it wins over
 * what is found out here. A few small files are read, and nobody is asked over the network.
 */
export function createResource(
  config: ResourceConfig,
  env: Variables = process.env,
  readFile: ReadFile = readTextFile,
): Attributes {
  return {
    'service.instance.id': randomUUID(),
    ...detectHost({ hostname: os.hostname(), arch: process.arch }, readFile),
    ...detectOs({ platform: process.platform, type: os.type(), release: os.release() }, readFile),
    ...detectProcess(
      {
        pid: process.pid,
        parentPid: process.ppid,
        executablePath: process.execPath,
        argv: process.argv,
        execArgv: process.execArgv,
        owner: findOwner(),
        version: process.versions.node,
      },
      config.commandArgs,
    ),
    ...detectContainer(readFile),
    ...detectKubernetes(env, readFile),
    ...detectCloud(env),
    ...config.resourceAttributes,
    'service.name': config.serviceName,
    'telemetry.sdk.name': SDK_NAME,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': SDK_VERSION,
  };
}

/** A container may run as a user that has no name. */
function findOwner(): string | undefined {
  try {
    return os.userInfo().username;
  } catch {
    return undefined; // The number alone says nothing.
  }
}
