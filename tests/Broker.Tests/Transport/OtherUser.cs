using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>
/// Runs code as another user, for real: credentials belong to a thread in the kernel, and the bare system calls, unlike those of the C library,
/// change that thread alone. The thread ends with the code; it could not become root again. Only root can do it.
/// </summary>
internal static class OtherUser
{
    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Calls <paramref name="act"/> on a thread with these credentials and no privileges.</summary>
    internal static T Run<T>(uint uid, uint gid, uint[] groups, Func<T> act)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                SetUserAndGroups(uid, gid, groups);
                result = act();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "the other user's thread hangs");
        return failure is null ? result : throw new InvalidOperationException($"as uid {uid}: {failure.Message}", failure);
    }

    private static void SetUserAndGroups(uint uid, uint gid, uint[] groups)
    {
        // setgroups, setresgid, setresuid of syscalls(2)
        Require(Call(IsArm ? 159 : 116, groups.Length, Marshal.UnsafeAddrOfPinnedArrayElement(groups.Length > 0 ? Pin(groups) : Pin([0]), 0), 0));
        Require(Call(IsArm ? 149 : 119, (nint)gid, (nint)gid, (nint)gid));
        Require(Call(IsArm ? 147 : 117, (nint)uid, (nint)uid, (nint)uid));
    }

    private static uint[] Pin(uint[] groups)
    {
        var pinned = GC.AllocateArray<uint>(groups.Length, pinned: true);
        groups.CopyTo(pinned, 0);
        return pinned;
    }

    private static void Require(nint result)
    {
        if (result != 0) throw new InvalidOperationException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint Call(nint number, nint first, nint second, nint third);
}
