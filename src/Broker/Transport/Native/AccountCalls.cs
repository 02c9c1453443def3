using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// Look-ups in the user and group database that the system is configured to use, nsswitch.conf(5). The reentrant calls return the error
/// number itself: 0 with a null result is "no such name", ERANGE asks for a larger buffer.
/// </summary>
internal static partial class AccountCalls
{
    /// <summary>getpwnam_r(3).</summary>
    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindUser(string name, out User user, ref byte buffer, nuint length, out nint result);

    /// <summary>getpwuid_r(3).</summary>
    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    public static partial int FindUser(uint uid, out User user, ref byte buffer, nuint length, out nint result);

    /// <summary>getgrnam_r(3).</summary>
    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindGroup(string name, out Group group, ref byte buffer, nuint length, out nint result);

    /// <summary>
    /// getgrouplist(3): all groups of a user, the one given among them. -1 when there are more than <paramref name="count"/>, which then
    /// says how many.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "getgrouplist")]
    public static partial int GroupsOf(nint userName, uint primary, ref uint groups, ref int count);

    /// <summary>struct passwd; the texts lie in the buffer of the call.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct User
    {
        private readonly nint _name;
        private readonly nint _password;
        private readonly uint _uid;
        private readonly uint _gid;
        private readonly nint _comment;
        private readonly nint _directory;
        private readonly nint _shell;

        /// <summary>The name, a C string.</summary>
        public nint Name => _name;

        /// <summary>The user id.</summary>
        public uint Uid => _uid;

        /// <summary>The primary group.</summary>
        public uint Gid => _gid;
    }

    /// <summary>struct group; the texts lie in the buffer of the call.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Group
    {
        private readonly nint _name;
        private readonly nint _password;
        private readonly uint _gid;
        private readonly nint _members;

        /// <summary>The group id.</summary>
        public uint Gid => _gid;
    }
}
