using System.Globalization;
using System.Threading.Tasks.Sources;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A request that the first event ends: an answer, a refusal, its timeout, a cancellation by its caller, or the end of the connection. It
/// is the promise that its caller awaits, and returns to its pool after that, so that a request allocates nothing but its answer.
/// <code>
/// pool --Begin--> numbered in PendingRequests --taken out there, by one of the five--> outcome set --Continuations--> awaited --> pool
/// </code>
/// Only the thread that removes it from <see cref="PendingRequests"/> may end it, so each ends exactly once.
/// </summary>
internal sealed class SingleRequest(PendingRequests home, Subscription inbox) : IPendingRequest, IValueTaskSource<Message>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<Message> _promise;
    private CancellationTokenRegistration _cancellation;
    private string _subject = "";
    private TimeSpan _patience;
    private ulong _number;
    private Message _answer;
    private Exception? _error;

    public bool IsOnce => true;

    /// <summary>The next one in the pool.</summary>
    internal SingleRequest? NextFree { get; set; }

    /// <summary>What its caller awaits, once.</summary>
    public ValueTask<Message> Promise => new(this, _promise.Version);

    /// <summary>Prepares a request from the pool for a new caller.</summary>
    public void Begin(string subject, TimeSpan patience) => (_subject, _patience) = (subject, patience);

    /// <summary>It was sent under this number: from here on its caller may cancel it.</summary>
    public void OnSent(ulong number, CancellationToken cancellationToken)
    {
        _number = number;
        if (cancellationToken.CanBeCanceled) _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((SingleRequest)state!).OnCancelled(token), this);
    }

    public void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender)
    {
        ReadOnlySpan<byte> frame = buffer.Bytes.AsSpan(offset, length);
        FrameScanner.Scan(frame, Limits.Ceiling, out FrameHead head);
        _answer = Message.Copy(frame, head, new MessageOrigin(sender, DeliverFlags.None, 0), inbox);
        Continuations.Add(this);
    }

    public void OnRefused(ErrorCommand error) => Fail(error.Code switch
    {
        ErrorCode.ResponderGone => new ResponderGoneException(_subject, error.Message),
        ErrorCode.NoResponders or ErrorCode.GoneIdentity => new NoRespondersException(_subject, error.Code, error.Message),
        _ => new UdsBrokerException(error.Code, error.Message),
    });

    public void OnLost(Exception error) => Fail(error);

    public void OnExpired() => Fail(new RequestTimeoutException(_subject, _patience));

    /// <summary>Resumes its caller on this thread.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_error is null) _promise.SetResult(_answer);
        else _promise.SetException(_error);
    }

    Message IValueTaskSource<Message>.GetResult(short token)
    {
        if (_promise.GetStatus(token) == ValueTaskSourceStatus.Pending) throw new InvalidOperationException("A request is awaited, once; it cannot be asked for its answer before.");
        try
        {
            // Waits for a cancellation that is under way: it must not meet the next use.
            _cancellation.Dispose();
            Message answer = _promise.GetResult(token);
            ThrowIfError(answer);
            return answer;
        }
        finally
        {
            _promise.Reset();
            (_cancellation, _answer, _error, _subject) = (default, default, null, "");
            home.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<Message>.GetStatus(short token) => _promise.GetStatus(token);

    void IValueTaskSource<Message>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _promise.OnCompleted(continuation, state, token, flags);

    private static void ThrowIfError(in Message answer)
    {
        if (!answer.Headers.TryGetValue(KnownHeaders.Error, out string? text)) return;
        int code = answer.Headers.TryGetValue(KnownHeaders.ErrorCode, out string? number) && int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out int parsed) ? parsed : 0;
        throw new ServiceException(code, text);
    }

    private void OnCancelled(CancellationToken token)
    {
        if (home.Remove(_number)) Fail(new OperationCanceledException(token));
    }

    private void Fail(Exception error)
    {
        _error = error;
        Continuations.Add(this);
    }
}
