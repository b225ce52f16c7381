/**
 * What `make` makes, made once: for the first that asks and all who ask meanwhile. What failed is made anew for the next (a file that
 * could not be opened a moment ago).
 */
export function onFirstUse<Given extends unknown[], T>(
  make: (...given: Given) => Promise<T>,
): (...given: Given) => Promise<T> {
  let made: Promise<T> | null = null;
  return (...given) => {
    made ??= make(...given).catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
