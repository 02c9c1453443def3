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

    internal Service(Subscription requests, Func<Message, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler, int maxConcurrency)
    {
        (_requests, _handler, _maxConcurrency) = (requests, handler, maxConcurrency);
        _free = new SemaphoreSlim(maxConcurrency, maxConcurrency);
        _serving = Task.Run(ProcessRequestsAsync);
    }

    /// <summary>The subject that is served.</summary>
    public string Subject => _requests.Pattern;

    /// <summary>Completes when the service has ended; fails if its subscription did not end well.</summary>
    public Task Completion => _serving;

    /// <summary>A handler threw. Raised on the thread pool, one call at a time; the caller was told by an answer, if it waits for one.</summary>
    public event Action<Message, Exception>? HandlerFailed;

    /// <summary>Takes no new requests and waits until those that had come are answered; within <see cref="UdsBrokerOptions.DrainTimeout"/>, after which handlers are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource limit = new(_requests.Client.Options.DrainTimeout);
        try
        {
            await _requests.DrainAsync(limit.Token).ConfigureAwait(false);
            await _serving.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or UdsBrokerException)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
        }

        await _requests.DisposeAsync().ConfigureAwait(false);
        await _serving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        _abort.Dispose();
        _free.Dispose();
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
                    _ = HandleAsync(request);
                }
            }
        }
        finally
        {
            for (int i = 0; i < _maxConcurrency; i++) await _free.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Never fails: whatever goes wrong is the answer, or an event.</summary>
    private async Task HandleAsync(Message request)
    {
        try
        {
            await AnswerAsync(request).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A handler may throw anything; its caller must learn of it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (HandlerFailed is not null) _requests.Client.Raise(() => HandlerFailed?.Invoke(request, error));
        }
        finally
        {
            _free.Release();
        }
    }

    private async ValueTask AnswerAsync(Message request)
    {
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = await _handler(request, _abort.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            if (request.HasReply) await request.ReplyAsync(ReadOnlyMemory<byte>.Empty, Describe(error)).ConfigureAwait(false);
            throw;
        }

        if (request.HasReply) await request.ReplyAsync(answer).ConfigureAwait(false);
    }

    private static Dictionary<string, string> Describe(Exception error) => new()
    {
        [KnownHeaders.Error] = error.Message.Length <= 4096 ? error.Message : error.Message[..4096],
        [KnownHeaders.ErrorCode] = (error is ServiceException { ServiceCode: var code } ? code : UnexpectedErrorCode).ToString(CultureInfo.InvariantCulture),
    };
}
