using UdsBroker.Broker.Load;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Counts refused datagrams and keeps the first of them for the log, so that a flood of bad datagrams costs one count each and not one
/// message or log line each. Thread-safe.
/// </summary>
internal sealed class RefusedDatagrams(IDatagramEvents events, Traffic traffic)
{
    private readonly Lock _lock = new();
    private int _count;
    private string _first = "";

    internal void Add(DatagramSender sender, string problem)
    {
        traffic.DatagramRefused();
        lock (_lock)
        {
            if (++_count > 1) return;
            _first = $"from {sender.Credentials}: {problem}";
        }

        events.Refused();
    }

    /// <summary>How many were refused since the last call, and what was wrong with the first of them.</summary>
    internal (int Count, string First) Take()
    {
        lock (_lock)
        {
            var taken = (_count, _first);
            _count = 0;
            return taken;
        }
    }
}
