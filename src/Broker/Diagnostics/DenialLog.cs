using System.Text;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>
/// Logs what the access rules denied: the first denial of a user and verb at once, then at most one line in each interval, which says how
/// many were left out. So programs that try again and again cannot fill the log. Every denial is counted as a limit hit. Thread-safe.
/// </summary>
internal sealed class DenialLog(ILogger logger, TimeProvider clock, TimeSpan interval, Traffic traffic) : IDenials
{
    /// <summary>
    /// The most combinations of user and verb with an interval of their own. Beyond that, those without denials for an interval are
    /// removed; if there are none, all others share one line.
    /// </summary>
    private const int MaxKeys = 256;

    private static readonly Key Others = new(null, AccessVerbs.None);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Entry> _entries = [];
    private long _interval = interval.Ticks;

    /// <summary>How long after a line further denials of the same user and verb are only counted.</summary>
    internal TimeSpan Interval { get => new(Interlocked.Read(ref _interval)); set => Interlocked.Exchange(ref _interval, value.Ticks); }

    /// <inheritdoc/>
    public void Denied(AccessPeer peer, AccessVerbs verb, ReadOnlySpan<byte> subject, in AccessDecision decision)
    {
        traffic.Hit(Limit.AccessRules);
        if (Count(new Key(peer.Uid, verb)) is not { } left) return;
        logger.AccessDenied(peer.ToString(), Describe(verb, subject), decision.Because, left);
    }

    // How many were not logged since the last line, when it is time for one.
    private long? Count(Key key)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            if (!_entries.ContainsKey(key) && !MakeRoom(now)) key = Others;
            if (_entries.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.LoggedAt, now) < Interval)
            {
                entry.Left++;
                return null;
            }

            var left = entry?.Left ?? 0;
            _entries[key] = new Entry { LoggedAt = now };
            return left;
        }
    }

    private bool MakeRoom(long now)
    {
        if (_entries.Count < MaxKeys) return true;
        foreach (var (key, entry) in _entries)
        {
            if (entry.Left == 0 && clock.GetElapsedTime(entry.LoggedAt, now) >= Interval) _entries.Remove(key);
        }

        return _entries.Count < MaxKeys;
    }

    private static string Describe(AccessVerbs verb, ReadOnlySpan<byte> subject) => verb switch
    {
        AccessVerbs.Connect => "connect",
        AccessVerbs.Publish => $"publish to {Encoding.UTF8.GetString(subject)}",
        _ => $"subscribe to {Encoding.UTF8.GetString(subject)}",
    };

    private readonly record struct Key(uint? Uid, AccessVerbs Verb);

    private sealed class Entry
    {
        internal required long LoggedAt { get; init; }

        internal long Left { get; set; }
    }
}
