using System.Runtime.InteropServices;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Requests;

/// <summary>
/// A reply subject in the inbox of a connection, <c>_INBOX.&lt;id&gt;.&lt;rest&gt;</c>, as a dictionary key. A rest of up to 16 bytes is
/// stored inline, which is enough for the hexadecimal digits of the 64 random bits that the client library gives a request; a longer one is
/// copied.
/// </summary>
internal readonly struct ReplyAddress : IEquatable<ReplyAddress>
{
    private const int ShortRest = 16;

    private readonly UInt128 _rest;
    private readonly byte[]? _longRest;
    private readonly int _restLength;

    /// <param name="owner">The identity of the asker.</param>
    /// <param name="rest">What follows it in the subject.</param>
    internal ReplyAddress(Guid owner, ReadOnlySpan<byte> rest)
    {
        Owner = owner;
        _restLength = rest.Length;
        if (rest.Length > ShortRest) _longRest = rest.ToArray();
        else rest.CopyTo(MemoryMarshal.AsBytes(new Span<UInt128>(ref _rest)));
    }

    /// <summary>The connection to which answers go.</summary>
    internal Guid Owner { get; }

    /// <summary>The whole subject.</summary>
    internal byte[] ToSubject()
    {
        var subject = new byte[ReservedSubjects.InboxPrefixLength + _restLength];
        ReservedSubjects.WriteInboxPrefix(subject, Owner);
        ReadOnlySpan<byte> rest = _longRest ?? MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in _rest))[.._restLength];
        rest.CopyTo(subject.AsSpan(ReservedSubjects.InboxPrefixLength));
        return subject;
    }

    public bool Equals(ReplyAddress other) =>
        _restLength == other._restLength && _rest == other._rest && Owner == other.Owner && _longRest.AsSpan().SequenceEqual(other._longRest);

    public override bool Equals(object? obj) => obj is ReplyAddress other && Equals(other);

    // Seeded by the runtime for each process, so that an asker cannot choose addresses that collide.
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Owner);
        hash.Add(_rest);
        if (_longRest is not null) hash.AddBytes(_longRest);
        return hash.ToHashCode();
    }
}
