using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A message of a <see cref="MessageBatch"/>, viewed where it was received: nothing is copied or allocated. Everything in it is valid until
/// the batch is disposed; copy out what must live longer, for instance with <see cref="ToMessage"/>.
/// </summary>
public readonly ref struct MessageView
{
    private readonly ReadOnlySpan<byte> _frame;
    private readonly FrameHead _head;
    private readonly MessageOrigin _origin;
    private readonly Subscription _subscription;

    internal MessageView(ReadOnlySpan<byte> frame, scoped in FrameHead head, scoped in MessageOrigin origin, Subscription subscription)
    {
        _frame = frame;
        _head = head;
        _origin = origin;
        _subscription = subscription;
    }

    /// <summary>The subject in UTF-8.</summary>
    public ReadOnlySpan<byte> Subject => _frame.Slice(_head.SubjectStart, _head.SubjectLength);

    /// <summary>The subject as a string, which subjects that repeat share.</summary>
    public string SubjectText => _subscription.Client.ReceivedSubjects.Get(Subject);

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => _frame.Slice(_head.PayloadStart, _head.PayloadLength);

    /// <summary>Whether there is a subject to answer to.</summary>
    public bool HasReply => _head.ReplyLength >= 0;

    /// <summary>The subject to answer to in UTF-8; empty when no answer is asked for.</summary>
    public ReadOnlySpan<byte> Reply => HasReply ? _frame.Slice(_head.ReplyStart, _head.ReplyLength) : default;

    /// <summary>Whether there are headers.</summary>
    public bool HasHeaders => _head.HeadersLength > 0;

    /// <summary>The headers one by one, without allocating: <c>while (headers.MoveNext()) headers.Name …</c></summary>
    public HeaderEnumerator Headers => HeaderCodec.Enumerate(EncodedHeaders);

    /// <summary>The identity of the connection that published it.</summary>
    public Guid Sender => _origin.Sender;

    /// <summary>How many messages of the subscription were dropped right before this one.</summary>
    public ulong MissedBefore => _origin.MissedBefore;

    /// <summary>Whether it is a retained message, as <see cref="Message.IsRetained"/>.</summary>
    public bool IsRetained => _origin.IsRetained;

    private ReadOnlySpan<byte> EncodedHeaders => HasHeaders ? _frame.Slice(_head.HeadersStart, _head.HeadersLength) : default;

    /// <summary>The first header of this name; false when there is none.</summary>
    /// <param name="name">The name in UTF-8, compared exactly.</param>
    /// <param name="value">The value in UTF-8.</param>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        return HasHeaders && HeaderCodec.TryFind(EncodedHeaders, name, out value);
    }

    /// <summary>A copy that may be kept.</summary>
    public Message ToMessage() => Message.Copy(_frame, _head, _origin, _subscription);
}
