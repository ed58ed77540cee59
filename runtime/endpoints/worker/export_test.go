package worker

// Raced says that memory is not limited.
const Raced = raced
