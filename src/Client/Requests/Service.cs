using System.Globalization;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A handler that answers the requests on a subject: made by <see cref="UdsBrokerClient.ServeAsync"/>. What the handler returns is the answer; what it throws
/// becomes a <see cref="ServiceException"/> at the caller, by the headers <c>Udsb-Error</c> and <c>Udsb-Error-Code</c>. Disposing takes no new
/// requests, lets those under way finish, and answers them.
/// </summary>
public sealed class Service : IAsyncDisposable
{
    /// <summary>The code that a caller gets for an exception that is no <see cref="ServiceException"/>.</summary>
    public const int UnexpectedErrorCode = 500;

    private readonly Subscription _requests;
    private readonly Func<Message, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> _handler;
    private readonly SemaphoreSlim _free;
    private readonly int _maxConcurrency;
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _serving;
    private readonly Lock _gate = new();
    private Task? _disposing;

    /// <summary>The longest text of an error that is sent, in UTF-16 units.</summary>
    private const int MaxErrorText = 4096;

    internal Service(Subscription requests, Func<Message, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler, int maxConcurrency)
    {
        (_requests, _handler, _maxConcurrency) = (requests, handler, maxConcurrency);
        _free = new SemaphoreSlim(maxConcurrency, maxConcurrency);
        _serving = Task.Run(ProcessRequestsAsync);
        Ended = _serving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The subject that is served.</summary>
    public string Subject => _requests.Pattern;

    /// <summary>Completes when the service has ended; fails if its subscription did not end well.</summary>
    public Task Completion => _serving;

    /// <summary>As <see cref="Completion"/>, but does not fail.</summary>
    internal Task Ended { get; }

    /// <summary>A handler threw, or its answer could not be sent. Raised on the thread pool, one call at a time; the caller was told by an answer, if it waits for one.</summary>
    public event Action<Message, Exception>? HandlerFailed;

    /// <summary>
    /// Takes no new requests and waits until those that had come are answered. After <see cref="UdsBrokerOptions.DrainTimeout"/> handlers
    /// are cancelled. Disposing again waits for the same end.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new ValueTask(_disposing ??= Task.Run(DoDisposeAsync));
    }

    private async Task DoDisposeAsync()
    {
        using CancellationTokenSource limit = new(_requests.Client.Options.DrainTimeout, _requests.Client.Options.Time);
        try
        {
            await DrainAsync(limit.Token).ConfigureAwait(false);
            await Ended.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
        }

        await _requests.DisposeAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        _abort.Dispose();
        _free.Dispose();
    }

    private async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _requests.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (UdsBrokerException)
        {
            // No more will come; what had come is still answered.
        }
    }

    private async Task ProcessRequestsAsync()
    {
        try
        {
            while (await _requests.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_requests.TryRead(out Message request))
                {
                    await _free.WaitAsync().ConfigureAwait(false);
                    if (_abort.IsCancellationRequested) _free.Release();
                    else _ = HandleAsync(request);
                }
            }
        }
        finally
        {
            for (int i = 0; i < _maxConcurrency; i++) await _free.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Never fails: every error becomes the answer, and an event.</summary>
    private async Task HandleAsync(Message request)
    {
        try
        {
            ReadOnlyMemory<byte> answer = await _handler(request, _abort.Token).ConfigureAwait(false);
            if (request.HasReply) await request.ReplyAsync(answer).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A handler may throw anything; its caller must learn of it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (request.HasReply) await AnswerWithErrorAsync(request, error).ConfigureAwait(false);
            if (HandlerFailed is not null) _requests.Client.Raise(() => HandlerFailed?.Invoke(request, error));
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Answers with the error; when its text cannot be sent, for instance because the broker's limits are small, without it.</summary>
    private static async ValueTask AnswerWithErrorAsync(Message request, Exception error)
    {
        int code = error is ServiceException known ? known.ServiceCode : UnexpectedErrorCode;
        if (!await TryAnswerAsync(request, code, Cut(error.Message)).ConfigureAwait(false))
            await TryAnswerAsync(request, code, "the text cannot be sent").ConfigureAwait(false);
    }

    private static async ValueTask<bool> TryAnswerAsync(Message request, int code, string text)
    {
        try
        {
            Dictionary<string, string> headers = new() { [KnownHeaders.Error] = text, [KnownHeaders.ErrorCode] = code.ToString(CultureInfo.InvariantCulture) };
            await request.ReplyAsync(ReadOnlyMemory<byte>.Empty, headers).ConfigureAwait(false);
            return true;
        }
        catch (Exception problem) when (problem is UdsBrokerException or ArgumentException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxErrorText) return text;
        return char.IsHighSurrogate(text[MaxErrorText - 1]) ? text[..(MaxErrorText - 1)] : text[..MaxErrorText];
    }
}
