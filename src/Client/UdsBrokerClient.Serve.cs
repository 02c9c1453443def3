using System.Collections.Concurrent;

namespace UdsBroker.Client;

// Services: the other side of requests.
public sealed partial class UdsBrokerClient
{
    private readonly ConcurrentDictionary<Service, Task> _services = new();

    /// <summary>Answers the requests on a subject with a handler; completes when the service is active.</summary>
    /// <param name="subject">A subject or pattern.</param>
    /// <param name="handler">
    /// Returns the answer to a request. Up to <see cref="ServiceOptions.MaxConcurrency"/> run at once. It may run on the client's own
    /// reading thread as long as it is short; one that takes long or blocks is detected and moved to the thread pool. What it throws
    /// becomes a <see cref="ServiceException"/> at the caller; throw that type to choose the code. Its token is cancelled when the service
    /// is disposed and the drain timeout is over.
    /// </param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the wait for the subscription.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="FormatException">The pattern breaks the rules of patterns.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="SubscriptionRefusedException">The broker refused the subscription.</exception>
    /// <exception cref="UdsBrokerException">The connection could not be made, or the client has ended.</exception>
    public async ValueTask<Service> ServeAsync(
        string subject,
        Func<Message, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler,
        ServiceOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new ServiceOptions();
        options.Validate();
        SubscriptionOptions how = new() { Queue = options.Queue, Credit = options.Prefetch, IsOfService = true };
        Service service = new(await SubscribeAsync(subject, how, cancellationToken).ConfigureAwait(false), handler, options.MaxConcurrency);
        _services[service] = service.Ended;
        _ = service.Ended.ContinueWith(_ => _services.TryRemove(service, out Task? _), TaskScheduler.Default);
        return service;
    }
}
