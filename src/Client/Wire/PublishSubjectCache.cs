using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Checks and encodes the subjects that a program publishes to, once each: a fixed table from text to bytes without locks, the reverse of
/// <see cref="SubjectCache"/>. The last subject is tried first by reference, which is what a loop that publishes a constant hits.
/// </summary>
internal sealed class PublishSubjectCache
{
    private const int Slots = 1024;
    private readonly Entry?[] _entries = new Entry?[Slots];
    private Entry? _last;

    /// <summary>The bytes of a well-formed subject.</summary>
    /// <exception cref="FormatException">It breaks a rule of subjects.</exception>
    public byte[] Get(string subject, Limits limits)
    {
        Entry? last = _last;
        return last is not null && ReferenceEquals(last.Text, subject) ? last.Utf8 : Find(subject, limits);
    }

    private byte[] Find(string subject, Limits limits)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ref Entry? slot = ref _entries[(uint)subject.GetHashCode() % Slots];
        Entry? entry = slot;
        if (entry is null || entry.Text != subject)
        {
            Subject.Parse(subject, limits);
            entry = new Entry(subject, Encoding.UTF8.GetBytes(subject));
            Volatile.Write(ref slot, entry);
        }

        Volatile.Write(ref _last, entry);
        return entry.Utf8;
    }

    private sealed record Entry(string Text, byte[] Utf8);
}
