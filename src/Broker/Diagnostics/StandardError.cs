using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>Logging to standard error, one line per event, by a dedicated thread.</summary>
internal static class StandardError
{
    /// <summary>The name under which the broker logs.</summary>
    public const string Category = "UdsBroker";

    // When nobody reads standard error, lines are dropped and counted rather than letting actors wait for it.
    private const int MaxQueuedLines = 2048;

    /// <summary>Writes a line, or does nothing when that fails: a full disk must not stop the broker.</summary>
    public static void TryWriteLine(this TextWriter error, string line)
    {
        try
        {
            error.WriteLine(line);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // There is nobody else to tell.
        }
    }

    /// <summary>
    /// Sends the broker's log to standard error, from the current level on; other parts of the host log only errors.
    /// </summary>
    public static ILoggingBuilder AddStandardError(this ILoggingBuilder logging, LogThreshold threshold)
    {
        logging.AddFilter(threshold.Admits);
        logging.Services.AddSingleton(TimeProvider.System);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.MaxQueueLength = MaxQueuedLines;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        return logging;
    }
}
