namespace UdsBroker.Cli.Output;

/// <summary>Standard output could not be written.</summary>
internal sealed class OutputException(Exception cause) : Exception($"standard output cannot be written: {cause.Message}", cause)
{
    private const int BrokenPipe = 32; // EPIPE, errno(3)

    /// <summary>The reader of the output has closed it, as head(1) does: not a failure, but nothing is left to do.</summary>
    internal bool IsReaderGone { get; } = cause is IOException { HResult: BrokenPipe };
}
