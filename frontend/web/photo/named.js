// Errors that are told apart by their name, as the browser's own are.

/** An error with a name. */
export function named(name, message, cause) {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
}
