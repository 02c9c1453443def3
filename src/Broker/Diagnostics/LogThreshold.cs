using Microsoft.Extensions.Logging;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>The least severe level that is written, which a reload may change while the broker runs. Thread-safe.</summary>
/// <param name="level">The level at the start.</param>
internal sealed class LogThreshold(LogLevel level)
{
    private volatile LogLevel _level = level;

    internal LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    /// <summary>Whether a line is written: lines of the broker from the level on, of other parts of the host only errors.</summary>
    internal bool Admits(string? category, LogLevel level) =>
        level >= _level && (category == StandardError.Category || level >= LogLevel.Error);
}
