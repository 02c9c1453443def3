namespace UdsBroker.Broker.Requests;

/// <summary>
/// Pools the shared requests of one publisher. Its stage takes them; the last holder to answer or end returns them, on any thread. What
/// does not fit is left to the garbage collector.
/// </summary>
internal sealed class SharedRequestPool
{
    private const int MaxKept = 1024;

    private readonly Lock _lock = new();
    private readonly Stack<SharedRequest> _free = [];

    /// <summary>A request with its publisher as holder.</summary>
    internal SharedRequest Take(byte[] subject)
    {
        SharedRequest? request;
        lock (_lock) _free.TryPop(out request);
        request ??= new SharedRequest(this);
        request.Begin(subject);
        return request;
    }

    internal void Return(SharedRequest request)
    {
        lock (_lock)
        {
            if (_free.Count < MaxKept) _free.Push(request);
        }
    }
}
