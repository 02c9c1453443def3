namespace UdsBroker.Broker.Tests.Core;

/// <summary>
/// What is allocated on this thread. A collection that another test causes moves the thread's counter now and then, by what was left for it to allocate
/// from; so parts are measured, and what each of them allocates shows in the least.
/// </summary>
internal static class Allocation
{
    /// <summary>The bytes of that part which allocated the least.</summary>
    internal static long Least(int parts, Action<int> part) => Enumerable.Range(0, parts).Min(number =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        part(number);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
