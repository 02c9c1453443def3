using Microsoft.Extensions.Logging;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>
/// The log of connections that did not end in order: a few lines a second for each reason, so that a peer that connects and breaks the
/// protocol a thousand times a second cannot fill it. What is left out is counted, and the count is logged before the next line of that
/// reason. Thread-safe.
/// </summary>
internal sealed class ClosingLog(ILogger logger, TimeProvider clock)
{
    /// <summary>The most lines of one reason in a second.</summary>
    internal const int MaxLinesPerSecond = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<CloseReason, Window> _windows = [];

    /// <summary>Logs that a connection was closed.</summary>
    internal void Closed(Guid id, string peer, CloseReason reason, string detail)
    {
        if (!IsTimeFor(reason, out var left)) return;
        if (left > 0) logger.ClosingsNotLogged(reason, left);
        logger.ConnectionClosed(id, peer, reason, detail);
    }

    private bool IsTimeFor(CloseReason reason, out long left)
    {
        left = 0;
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            if (!_windows.TryGetValue(reason, out var window)) _windows.Add(reason, window = new Window { Start = now });
            if (clock.GetElapsedTime(window.Start, now) >= Second)
            {
                left = window.Left;
                (window.Start, window.Lines, window.Left) = (now, 0, 0);
            }

            if (window.Lines < MaxLinesPerSecond)
            {
                window.Lines++;
                return true;
            }

            window.Left++;
            return false;
        }
    }

    private sealed class Window
    {
        internal long Start { get; set; }

        internal int Lines { get; set; }

        internal long Left { get; set; }
    }
}
