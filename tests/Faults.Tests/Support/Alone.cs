namespace UdsBroker.Faults.Tests;

/// <summary>
/// Tests that run while no other starts a process: between fork and exec a child has a copy of every descriptor, also of the lock of a socket in this
/// process, and a listener that is bound again at that moment finds it taken. So do those that count the descriptors of this process.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    internal const string Name = "alone";
}
