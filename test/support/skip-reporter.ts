import type { Reporter, TestModule, Vitest } from 'vitest/node';

const MARK = /^Skipped\. (.+)$/m;

/**
 * Says at the end of a run what passed at its second try only, and what was skipped and why: from the note of `ctx.skip(note)`, or from the line
 * `Skipped. <reason>` that a suite prints when it lacks something. A skipped test without a reason is named too.
 */
export default class SkipReporter implements Reporter {
  readonly #printed = new Map<string, string>();
  #vitest: Vitest | null = null;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onUserConsoleLog(log: { readonly content: string; readonly taskId?: string | undefined }): void {
    const reason = MARK.exec(log.content)?.[1];
    if (reason !== undefined) this.#printed.set(this.#fileOf(log.taskId) ?? '', reason);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) => [...this.#linesOf(module), ...secondTries(module)]);
    if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`);
  }

  #linesOf(module: TestModule): string[] {
    const reasons = new Map<string, number>();
    for (const test of module.children.allTests('skipped')) {
      const result = test.result();
      const note = result?.state === 'skipped' ? result.note : undefined;
      const reason =
        note ?? this.#printed.get(module.moduleId) ?? this.#printed.get('') ?? 'the test says so (no reason given)';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    return [...reasons].map(([reason, count]) => `skipped ${count} in ${module.relativeModuleId} because: ${reason}`);
  }

  #fileOf(taskId: string | undefined): string | undefined {
    return taskId === undefined ? undefined : this.#vitest?.state.idMap.get(taskId)?.file.filepath;
  }
}

function secondTries(module: TestModule): string[] {
  return [...module.children.allTests('passed')]
    .filter((test) => test.diagnostic()?.flaky === true)
    .map((test) => `passed at the second try only: ${module.relativeModuleId} > ${test.fullName}`);
}
