using System.Runtime.InteropServices;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A received message. It owns its memory, which nobody else writes to or reuses, so it may be kept without limit and passed to any thread.
/// To avoid the copy, read with <see cref="Subscription.TryReadBatch"/> instead.
/// </summary>
public readonly struct Message
{
    // Inbox subjects and reply subjects are used only once, so no string is made of them before somebody asks: their bytes lie behind the
    // payload.
    //
    //   0         Payload.Length              + _ownSubjectLength
    //   | payload | subject, if it is an inbox | reply subject |
    private readonly string? _subject;
    private readonly int _ownSubjectLength;
    private readonly int _replyLength;
    private readonly MessageHeaders? _headers;

    private Message(string? subject, byte[] own, in FrameHead head, MessageHeaders? headers, in MessageOrigin origin, Subscription subscription)
    {
        _subject = subject;
        _ownSubjectLength = subject is null ? head.SubjectLength : 0;
        _replyLength = Math.Max(head.ReplyLength, 0);
        Payload = own.AsMemory(0, head.PayloadLength);
        _headers = headers;
        Sender = origin.Sender;
        MissedBefore = origin.MissedBefore;
        IsRetained = origin.IsRetained;
        Subscription = subscription;
    }

    /// <summary>The subject it was published to. Subjects that repeat are one and the same string.</summary>
    public string Subject => _subject ?? Encoding.UTF8.GetString(BehindPayload(0, _ownSubjectLength));

    /// <summary>The payload, in memory that is never reused.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The headers; empty when there are none. Decoded when first looked at.</summary>
    public MessageHeaders Headers => _headers ?? MessageHeaders.Empty;

    /// <summary>The subject to answer to, or <see langword="null"/> when no answer is asked for.</summary>
    public string? Reply => HasReply ? Encoding.UTF8.GetString(ReplyUtf8) : null;

    /// <summary>
    /// The identity of the connection that published it, as the broker states it: no client can forge it. All zero is the broker itself.
    /// </summary>
    public Guid Sender { get; }

    /// <summary>
    /// How many messages of this subscription were dropped right before this one, by the broker or by this client. Usually 0.
    /// </summary>
    public ulong MissedBefore { get; }

    /// <summary>
    /// Whether it is a retained message: it was published before the subscription began, and is the last of its subject. Retained messages
    /// come first. Messages that are published from then on have <see langword="false"/> here, even when the broker retains them for later
    /// subscribers.
    /// </summary>
    public bool IsRetained { get; }

    /// <summary>Where it was received; <see langword="null"/> for a default value.</summary>
    public Subscription? Subscription { get; }

    /// <summary>Whether there is a subject to answer to.</summary>
    internal bool HasReply => _replyLength > 0;

    private ReadOnlySpan<byte> ReplyUtf8 => BehindPayload(_ownSubjectLength, _replyLength);

    /// <summary>The payload as UTF-8 text, and the subject, for people.</summary>
    public override string ToString() => $"{Subject}: {Encoding.UTF8.GetString(Payload.Span)}";

    /// <summary>
    /// Answers a request: publishes to its <see cref="Reply"/>. Completes as publishing does; only the requester receives the answer.
    /// </summary>
    /// <param name="payload">The answer; copied before the call returns.</param>
    /// <param name="headers">Names and values, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Cancels the wait for room in the buffer.</param>
    /// <exception cref="InvalidOperationException">The message asks for no answer.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the answer was not taken.</exception>
    /// <exception cref="UdsBrokerException">The answer or its headers are larger than the broker takes, or the client has ended.</exception>
    public ValueTask ReplyAsync(ReadOnlyMemory<byte> payload, IReadOnlyDictionary<string, string>? headers = null, CancellationToken cancellationToken = default)
    {
        if (!HasReply || Subscription is null) throw new InvalidOperationException($"The message on \"{Subject}\" has no reply subject: its sender does not wait for an answer.");
        return Subscription.Client.AnswerAsync(ReplyUtf8, payload, headers, cancellationToken);
    }

    internal static Message Copy(ReadOnlySpan<byte> frame, in FrameHead head, in MessageOrigin origin, Subscription subscription)
    {
        ReadOnlySpan<byte> subject = frame.Slice(head.SubjectStart, head.SubjectLength);
        ReadOnlySpan<byte> reply = head.ReplyLength > 0 ? frame.Slice(head.ReplyStart, head.ReplyLength) : default;
        bool isOwnSubject = ReservedSubjects.IsInbox(subject);
        return new Message(
            isOwnSubject ? null : subscription.Client.ReceivedSubjects.Get(subject),
            Join(frame.Slice(head.PayloadStart, head.PayloadLength), isOwnSubject ? subject : default, reply),
            head,
            head.HeadersLength > 0 ? new MessageHeaders(frame.Slice(head.HeadersStart, head.HeadersLength).ToArray()) : null,
            origin,
            subscription);
    }

    private static byte[] Join(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply)
    {
        int length = payload.Length + subject.Length + reply.Length;
        if (length == 0) return [];
        byte[] own = GC.AllocateUninitializedArray<byte>(length);
        payload.CopyTo(own);
        subject.CopyTo(own.AsSpan(payload.Length));
        reply.CopyTo(own.AsSpan(payload.Length + subject.Length));
        return own;
    }

    private ReadOnlySpan<byte> BehindPayload(int start, int length) =>
        MemoryMarshal.TryGetArray(Payload, out ArraySegment<byte> own) ? own.Array.AsSpan(Payload.Length + start, length) : default;
}
