namespace UdsBroker.Protocol.Tests;

/// <summary>Counts what an action allocates on this thread, after one run that warms it up.</summary>
public static class Allocation
{
    public static long Of(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
