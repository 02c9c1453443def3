using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// Every connection has an inbox, the subjects below _INBOX.<id>., that only it receives. Answers to requests come there, and messages that
// others send straight to this client.
public sealed partial class UdsBrokerClient
{
    private const string DirectToken = "direct";
    private readonly PendingRequests _requests = new();
    private readonly RequestSweep _sweep;
    private Subscription _inbox;
    private volatile bool _isInboxOpen;
    private InboxPrefix _inboxPrefix = new(default, []);
    private long _unclaimed;

    /// <summary>
    /// Messages that came to the inbox of this client and were for nobody: answers after their request had ended, and direct messages while
    /// <see cref="OpenInboxAsync"/> was not in use.
    /// </summary>
    public long UnclaimedCount => Interlocked.Read(ref _unclaimed);

    /// <summary>
    /// Receives the direct messages that others send to this client (<see cref="SendAsync"/>). One such subscription can be open at a time;
    /// it lives through reconnects, but the identity changes with each, so senders must learn the new one (<see cref="Connected"/>).
    /// </summary>
    /// <param name="options">Options; only those of the client's side have an effect.</param>
    /// <param name="cancellationToken">Cancels the wait for the connection.</param>
    /// <exception cref="InvalidOperationException">It is open already.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="UdsBrokerException">The connection could not be made, or the client has ended.</exception>
    public async ValueTask<Subscription> OpenInboxAsync(SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        RequireSession();
        options ??= new SubscriptionOptions();
        options.Validate();
        await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return OpenInbox(options);
    }

    /// <summary>
    /// Opens the inbox, under the lock under which the client ends: either the end finds it, or it is not opened. The client may have ended since it was
    /// connected.
    /// </summary>
    internal Subscription OpenInbox(SubscriptionOptions options)
    {
        lock (_gate)
        {
            if (_phase == Phase.Closed) throw Closed();
            if (_isInboxOpen) throw new InvalidOperationException("The inbox of this client is open already; dispose that subscription first.");
            _inbox = NewInbox(options);
            _isInboxOpen = true;
            return _inbox;
        }
    }

    /// <summary>
    /// Sends a direct message to one connection, whose identity is the sender of every message that comes from it. Completes as publishing
    /// does.
    /// </summary>
    /// <param name="recipient">
    /// The identity, for instance <see cref="Message.Sender"/>. When it is not connected any more, <see cref="ErrorReceived"/> reports it.
    /// </param>
    /// <param name="payload">The content.</param>
    /// <param name="headers">Names and values, or <see langword="null"/> for none.</param>
    /// <param name="reply">The subject to answer to, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection or for room in the buffer.</param>
    /// <exception cref="FormatException">The reply subject breaks the rules of subjects.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the message was not taken.</exception>
    /// <exception cref="UdsBrokerException">The payload or the headers are larger than the broker takes; the connection could not be made; or the client has ended.</exception>
    public ValueTask SendAsync(
        Guid recipient,
        ReadOnlyMemory<byte> payload,
        IReadOnlyDictionary<string, string>? headers = null,
        string? reply = null,
        CancellationToken cancellationToken = default)
    {
        byte[] subject = new byte[ReservedSubjects.InboxPrefixLength + DirectToken.Length];
        ReservedSubjects.WriteInboxPrefix(subject, recipient);
        Encoding.ASCII.GetBytes(DirectToken, subject.AsSpan(ReservedSubjects.InboxPrefixLength));
        return Publish(subject, payload, headers, reply, cancellationToken);
    }

    /// <summary>On the reading thread: messages for the inbox; each finds its request, or the open inbox.</summary>
    internal void DeliverInbox(ReceiveBuffer buffer, int offset, int length, Guid sender)
    {
        int end = offset + length;
        while (offset < end)
        {
            FrameScanner.Scan(buffer.Bytes.AsSpan(offset, end - offset), Limits.Ceiling, out FrameHead head);
            ReadOnlySpan<byte> subject = buffer.Bytes.AsSpan(offset + head.SubjectStart, head.SubjectLength);
            ReadOnlySpan<byte> rest = subject.Length > ReservedSubjects.InboxPrefixLength ? subject[ReservedSubjects.InboxPrefixLength..] : default;
            if (_requests.Claim(rest) is { } request) request.OnAnswer(buffer, offset, head.Length, sender);
            else if (_isInboxOpen && !PendingRequests.IsNumber(rest)) _inbox.Deliver(buffer, offset, head.Length, 1, sender);
            else Interlocked.Increment(ref _unclaimed);
            offset += head.Length;
        }
    }

    /// <summary>Publishes to a reply subject, without the cache of subjects: reply subjects are used only once.</summary>
    internal ValueTask AnswerAsync(ReadOnlySpan<byte> reply, ReadOnlyMemory<byte> payload, IReadOnlyDictionary<string, string>? headers, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        if (payload.Length > Limits.MaxPayloadBytes) ThrowPayloadTooBig(payload.Length);
        if (Subject.Validate(reply, Limits) != SubjectFault.None) Subject.Parse(Encoding.UTF8.GetString(reply), Limits);
        AppendResult result = Outbound.Publish(reply, default, EncodeHeaders(headers), payload.Span, PublishUse.Message, out Task? room);
        if (result != AppendResult.Taken) ThrowNotTaken(result);
        return room is null ? ValueTask.CompletedTask : new ValueTask(room.WaitAsync(cancellationToken));
    }

    /// <summary>A queue for messages that come to the inbox: a subscription that the broker does not know of, without credit.</summary>
    private Subscription NewInbox(SubscriptionOptions options) =>
        new(this, 0, SubjectPattern.Parse("_INBOX.>"), "_INBOX.>", options with { Credit = 0 }, _options);

    /// <summary>The start of all subjects of the current (or last) connection's inbox; empty before the first.</summary>
    private byte[] OwnInboxPrefix()
    {
        if (_server is not { } server) return [];
        InboxPrefix prefix = _inboxPrefix;
        if (prefix.Id == server.Id) return prefix.Utf8;
        byte[] utf8 = new byte[ReservedSubjects.InboxPrefixLength];
        ReservedSubjects.WriteInboxPrefix(utf8, server.Id);
        _inboxPrefix = new InboxPrefix(server.Id, utf8);
        return utf8;
    }

    private sealed record InboxPrefix(Guid Id, byte[] Utf8);
}
