using System.Runtime.CompilerServices;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// A request is a message whose reply subject is this connection's inbox with a number; the answer comes to that subject. Nothing is subscribed.
public sealed partial class UdsBrokerClient
{
    /// <summary>
    /// Sends a request and waits for the first answer. Allocates nothing but the answer; the requests of many callers share few writes.
    /// Await the task directly, and only once. The code after the <c>await</c> may run on the client's own reading thread as long as it is
    /// short; code that takes long or blocks is detected and moved to the thread pool.
    /// </summary>
    /// <param name="subject">Where to; all subscribers may answer, and the first answer counts.</param>
    /// <param name="payload">The content; copied before the call waits.</param>
    /// <param name="headers">Names and values, or <see langword="null"/> for none.</param>
    /// <param name="timeout">
    /// How long to wait for the answer, and before that for the connection; <see langword="null"/> for <see cref="UdsBrokerOptions.RequestTimeout"/>, <see cref="Timeout.InfiniteTimeSpan"/> for
    /// as long as the connection lives. It never ends early, and at most some tens of milliseconds late.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait; the request may be served nevertheless.</param>
    /// <exception cref="NoRespondersException">Nobody is there to answer.</exception>
    /// <exception cref="ResponderGoneException">Every connection that was given the request has ended without an answer.</exception>
    /// <exception cref="RequestTimeoutException">No answer came in time.</exception>
    /// <exception cref="ServiceException">The service answered with an error.</exception>
    /// <exception cref="FormatException">The subject breaks the rules of subjects.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the request was not sent.</exception>
    /// <exception cref="ConnectFailedException">The first connect failed.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="UdsBrokerException">The payload or the headers are larger than the broker takes, or the broker refused the request.</exception>
    /// <exception cref="ConnectionLostException">The connection ended first; the request may or may not have been served, and is not sent again.</exception>
    public ValueTask<Message> RequestAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        IReadOnlyDictionary<string, string>? headers = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Message>(cancellationToken);
        if (_phase != Phase.Connected) return RequestConnectedAsync(subject, payload.ToArray(), headers, timeout, cancellationToken);
        try
        {
            TimeSpan patience = timeout ?? _options.RequestTimeout;
            return Request(subject, payload.Span, headers, patience, _sweep.DeadlineAfter(patience), cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, its place is the task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ValueTask.FromException<Message>(error);
        }
    }

    /// <summary>
    /// Sends one request and takes every answer, until there are enough (<see cref="RequestManyOptions"/>) or the loop is left. Answers
    /// with an error are returned as they are; check their headers. When nobody answers, the sequence is empty; it ends at once when the
    /// broker says that nobody will answer.
    /// </summary>
    /// <param name="subject">Where to.</param>
    /// <param name="payload">The content; copied when the enumeration starts.</param>
    /// <param name="options">When to end; <see langword="null"/> for the default deadline only.</param>
    /// <param name="headers">Names and values, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConnectionLostException">The connection ended; more answers cannot come.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="FormatException">The subject breaks the rules of subjects.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the request was not sent.</exception>
    /// <exception cref="ConnectFailedException">The first connect failed.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="UdsBrokerException">The payload or the headers are larger than the broker takes, or the broker refused the request.</exception>
    public async IAsyncEnumerable<Message> RequestManyAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        RequestManyOptions? options = null,
        IReadOnlyDictionary<string, string>? headers = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RequireSession();
        options ??= new RequestManyOptions();
        options.Validate();
        using CancellationTokenSource deadline = new(options.Deadline ?? _options.RequestTimeout, _options.Time);
        using CancellationTokenSource quiet = new(Timeout.InfiniteTimeSpan, _options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, quiet.Token, cancellationToken);
        if (!await IsConnectedAsync(limit.Token, cancellationToken).ConfigureAwait(false)) yield break;
        await using Subscription answers = NewInbox(new SubscriptionOptions { MaxMessages = options.MaxAnswers });
        ulong number = SendRequest(new ManyRequest(answers), subject, payload.Span, headers, long.MaxValue);
        try
        {
            while (await HasAnswerAsync(answers, limit.Token, cancellationToken).ConfigureAwait(false))
            {
                quiet.CancelAfter(Timeout.InfiniteTimeSpan); // the time that the caller takes for an answer is not quiet
                while (answers.TryRead(out Message answer)) yield return answer;
                if (options.QuietGap is { } gap) quiet.CancelAfter(gap);
            }
        }
        finally
        {
            _requests.Remove(number);
        }
    }

    /// <summary>On the reading thread: the broker says that a request will not be answered. False when the reply subject is not that of a request of ours.</summary>
    private bool FailRequest(string reply, ErrorCommand error)
    {
        byte[] prefix = OwnInboxPrefix(), subject = System.Text.Encoding.UTF8.GetBytes(reply);
        if (prefix.Length == 0 || !subject.AsSpan().StartsWith(prefix)) return false;
        _requests.Claim(subject.AsSpan(prefix.Length))?.OnRefused(error);
        return true;
    }

    /// <summary>Waits until the client is connected; false when the time of a request is up before.</summary>
    private async ValueTask<bool> IsConnectedAsync(CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(limit).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static async ValueTask<bool> HasAnswerAsync(Subscription answers, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await answers.WaitToReadAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        catch (NoAnswersException)
        {
            return false;
        }
    }

    private async ValueTask<Message> RequestConnectedAsync(string subject, byte[] payload, IReadOnlyDictionary<string, string>? headers, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        RequireSession();
        TimeSpan patience = timeout ?? _options.RequestTimeout;
        long deadline = _sweep.DeadlineAfter(patience);
        using CancellationTokenSource time = new(patience < UdsBrokerOptions.LongestTime ? patience : UdsBrokerOptions.LongestTime, _options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        if (!await IsConnectedAsync(limit.Token, cancellationToken).ConfigureAwait(false)) throw RequestTimeoutException.Unsent(subject, patience);
        return await Request(subject, payload, headers, patience, deadline, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Message> Request(
        string subject, ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, string>? headers, TimeSpan patience, long deadline, CancellationToken cancellationToken)
    {
        SingleRequest request = _requests.Rent(_inbox);
        request.Begin(subject, patience);
        ulong number = SendRequest(request, subject, payload, headers, deadline);
        _sweep.EnsureSweep(deadline);
        request.OnSent(number, cancellationToken);
        return request.Promise;
    }

    private ulong SendRequest(IPendingRequest request, string subject, ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, string>? headers, long deadline)
    {
        byte[] subjectBytes = _publishSubjects.Get(subject, Limits);
        CheckSize(subjectBytes, payload.Length);
        byte[] headerBytes = EncodeHeaders(headers);
        ulong number = _requests.Add(request, deadline);
        byte[] inbox = OwnInboxPrefix();
        Span<byte> reply = stackalloc byte[ReservedSubjects.InboxPrefixLength + PendingRequests.NumberLength];
        inbox.CopyTo(reply);
        PendingRequests.Write(number, reply[ReservedSubjects.InboxPrefixLength..]);
        AppendResult result = Outbound.Publish(subjectBytes, reply, headerBytes, payload, _requests.IsAlone ? PublishUse.LoneRequest : PublishUse.Request, out _);
        if (result != AppendResult.Taken)
        {
            _requests.Remove(number);
            ThrowNotTaken(result);
        }

        // The connection was lost in between: such a request is not sent on the next one, and nothing else may fail it.
        if ((!IsConnected || !inbox.AsSpan().SequenceEqual(OwnInboxPrefix())) && _requests.Remove(number))
            request.OnLost(new ConnectionLostException(CloseReason.PeerGone, "The connection ended while the request was being sent. It may or may not have been served; it is not sent again.", 0));
        return number;
    }
}
