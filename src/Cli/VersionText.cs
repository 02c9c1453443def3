using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace UdsBroker.Cli;

/// <summary>What <c>udsb --version</c> prints: the program and the .NET runtime.</summary>
internal static class VersionText
{
    internal static string Text
    {
        get
        {
            var assembly = typeof(VersionText).Assembly;
            var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            return $"udsb {version} ({RuntimeInformation.FrameworkDescription})";
        }
    }

    /// <summary>Makes the version option of the command print <see cref="Text"/>.</summary>
    internal static void Install(RootCommand root) => root.Options.OfType<VersionOption>().Single().Action = new Print();

    private sealed class Print : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(Text);
            return ExitCodes.Done;
        }
    }
}
