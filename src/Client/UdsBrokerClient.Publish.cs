using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// Publishing writes the frame into the outbound buffer on the caller's thread and is done, unless too much waits there already.
public sealed partial class UdsBrokerClient
{
    private const int MaxReplyCharacters = 512;

    /// <summary>
    /// Publishes a message. Once there has been a connection, the message is accepted, in the order of the caller's calls, when the call
    /// returns. The task is only for backpressure: it is complete at once unless more than <see cref="UdsBrokerOptions.WriteBufferBytes"/>
    /// wait for the socket. Many threads may publish; their messages share few writes. To learn what became of messages, use
    /// <see cref="FlushAsync"/>. A client that sends datagrams (<see cref="IsPublishOnly"/>) never waits and never throws for the state of
    /// the connection: what it cannot send it drops (<see cref="DroppedPublishes"/>).
    /// </summary>
    /// <param name="subject">Where to: dot-separated tokens without wildcards. Checked and encoded once, so repeat the same string.</param>
    /// <param name="payload">The content, at most <see cref="Limits.MaxPayloadBytes"/> of the connection; copied before the call returns.</param>
    /// <param name="headers">Names and values, or <see langword="null"/> for none.</param>
    /// <param name="reply">The subject to answer to, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection or for room in the buffer. A message that was accepted is still sent.</param>
    /// <exception cref="FormatException">The subject or the reply subject breaks the rules of subjects.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the message was not taken.</exception>
    /// <exception cref="UdsBrokerException">The payload is larger than the broker takes; the connection could not be made; or the client has ended.</exception>
    public ValueTask PublishAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        IReadOnlyDictionary<string, string>? headers = null,
        string? reply = null,
        CancellationToken cancellationToken = default) =>
        Publish(_publishSubjects.Get(subject, Limits), payload, headers, reply, cancellationToken);

    /// <summary>Publishes a message to a subject that was checked and encoded before: what <see cref="PublishAsync(string, ReadOnlyMemory{byte}, IReadOnlyDictionary{string, string}?, string?, CancellationToken)"/> does, without a look-up.</summary>
    /// <param name="subject">Where to; not the default value.</param>
    /// <param name="payload">The content; copied before the call returns.</param>
    /// <param name="headers">Names and values, or <see langword="null"/> for none.</param>
    /// <param name="reply">The subject to answer to, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection or for room in the buffer.</param>
    /// <exception cref="ArgumentException">The subject is the default value, or a header holds a lone surrogate.</exception>
    /// <exception cref="FormatException">The subject is longer than the broker takes, or the reply subject breaks the rules of subjects.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the message was not taken.</exception>
    /// <exception cref="UdsBrokerException">The payload or the headers are larger than the broker takes; the connection could not be made; or the client has ended.</exception>
    public ValueTask PublishAsync(
        Subject subject,
        ReadOnlyMemory<byte> payload,
        IReadOnlyDictionary<string, string>? headers = null,
        string? reply = null,
        CancellationToken cancellationToken = default)
    {
        if (subject.Utf8.IsEmpty) throw new ArgumentException("The default value of Subject is no subject; use Subject.Parse.", nameof(subject));
        return Publish(subject.Utf8, payload, headers, reply, cancellationToken);
    }

    /// <summary>
    /// Publishes a message that is to be retained, to expire or to be delayed; else what
    /// <see cref="PublishAsync(string, ReadOnlyMemory{byte}, IReadOnlyDictionary{string, string}?, string?, CancellationToken)"/> does.
    /// </summary>
    /// <param name="subject">Where to.</param>
    /// <param name="payload">The content; copied before the call returns.</param>
    /// <param name="options">What the broker does with it besides routing.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection or for room in the buffer.</param>
    /// <exception cref="FormatException">The subject or the reply subject breaks the rules of subjects.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time of the options is negative.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the message was not taken.</exception>
    /// <exception cref="UdsBrokerException">The payload or the headers are larger than the broker takes; the connection could not be made; or the client has ended.</exception>
    public ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PublishAsync(subject, payload, options.ToHeaders(), options.Reply, cancellationToken);
    }

    /// <summary>As <see cref="PublishAsync(string, ReadOnlyMemory{byte}, PublishOptions, CancellationToken)"/>, for a subject that was checked and encoded before.</summary>
    /// <param name="subject">Where to; not the default value.</param>
    /// <param name="payload">The content; copied before the call returns.</param>
    /// <param name="options">What the broker does with it besides routing.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection or for room in the buffer.</param>
    /// <exception cref="ArgumentException">The subject is the default value, or a time of the options is negative.</exception>
    /// <exception cref="FormatException">The subject is longer than the broker takes, or the reply subject breaks the rules of subjects.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the message was not taken.</exception>
    /// <exception cref="UdsBrokerException">The payload or the headers are larger than the broker takes; the connection could not be made; or the client has ended.</exception>
    public ValueTask PublishAsync(Subject subject, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PublishAsync(subject, payload, options.ToHeaders(), options.Reply, cancellationToken);
    }

    private ValueTask Publish(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> payload, IReadOnlyDictionary<string, string>? headers, string? reply, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        if (_datagrams is not null)
        {
            PublishDatagram(subject.Span, payload.Span, headers, reply);
            return ValueTask.CompletedTask;
        }

        if (!_hasConnected) return PublishConnectedAsync(subject, payload.ToArray(), headers, reply, cancellationToken);
        CheckSize(subject.Span, payload.Length);
        AppendResult result = headers is null && reply is null
            ? Outbound.Publish(subject.Span, default, default, payload.Span, PublishUse.Message, out Task? room)
            : PublishFull(subject.Span, payload.Span, headers, reply, out room);
        if (result != AppendResult.Taken) ThrowNotTaken(result);
        return room is null ? ValueTask.CompletedTask : new ValueTask(room.WaitAsync(cancellationToken));
    }

    private async ValueTask PublishConnectedAsync(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> payload, IReadOnlyDictionary<string, string>? headers, string? reply, CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await Publish(subject, payload, headers, reply, cancellationToken).ConfigureAwait(false);
    }

    private AppendResult PublishFull(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, string>? headers, string? reply, out Task? wait)
    {
        Span<byte> room = stackalloc byte[reply is null ? 0 : Encoding.UTF8.GetMaxByteCount(Math.Min(reply.Length, MaxReplyCharacters))];
        ReadOnlySpan<byte> replyBytes = EncodeReply(reply, room);
        byte[] headerBytes = EncodeHeaders(headers);
        return Outbound.Publish(subject, replyBytes, headerBytes, payload, PublishUse.Message, out wait);
    }

    /// <summary>A well-formed reply subject; one that has no room, which few brokers allow, in memory of its own.</summary>
    private ReadOnlySpan<byte> EncodeReply(string? reply, Span<byte> room)
    {
        if (reply is null) return default;
        if (Encoding.UTF8.TryGetBytes(reply, room, out int written) && Subject.Validate(room[..written], Limits) == SubjectFault.None) return room[..written];
        return Subject.Parse(reply, Limits).Utf8.Span;
    }

    private byte[] EncodeHeaders(IReadOnlyDictionary<string, string>? headers)
    {
        byte[] encoded = headers switch
        {
            null => [],
            MessageHeaders received => received.Encoded,
            _ => HeaderCodec.Encode(headers),
        };
        if (headers is not null) CheckHeaders(headers, encoded.Length);
        return encoded;
    }

    private void CheckHeaders(IReadOnlyDictionary<string, string> headers, int bytes)
    {
        if (bytes > Limits.MaxHeaderBytes)
            throw new UdsBrokerException(ErrorCode.BadHeader, $"The headers have {bytes} bytes when encoded; the broker takes at most {Limits.MaxHeaderBytes}.");
        if (headers is not MessageHeaders && headers.Count > Limits.MaxHeaders)
            throw new UdsBrokerException(ErrorCode.BadHeader, $"There are {headers.Count} headers; the broker takes at most {Limits.MaxHeaders}.");
    }

    /// <summary>
    /// What the broker takes as a violation: a payload beyond its limit, and a subject that was checked before this connection, or by the caller, against
    /// wider limits.
    /// </summary>
    private void CheckSize(ReadOnlySpan<byte> subject, int payload)
    {
        Limits limits = Limits;
        if (payload > limits.MaxPayloadBytes) ThrowPayloadTooBig(payload);
        if (subject.Length > limits.MaxSubjectBytes) Subject.Parse(Encoding.UTF8.GetString(subject), limits);
    }

    private void ThrowPayloadTooBig(int bytes) =>
        throw new UdsBrokerException(ErrorCode.PayloadTooBig, $"The payload has {bytes} bytes; the broker takes at most {Limits.MaxPayloadBytes} in one message.");

    private void ThrowNotTaken(AppendResult result) => throw (result switch
    {
        AppendResult.Closed => Closed(),
        AppendResult.TooLarge => new UdsBrokerException(
            ErrorCode.PayloadTooBig, $"The message does not fit a packet of this connection with all that belongs to it; that takes at most {Outbound.MaxFrame} bytes."),
        AppendResult.FullWhileAway => new PublishBufferFullException(Outbound.Length, _options.MaxBufferedPublishBytes, away: true),
        _ => new PublishBufferFullException(Outbound.Length, Math.Max(_options.MaxBufferedPublishBytes, _options.WriteBufferBytes), away: false),
    });
}
