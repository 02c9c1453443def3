using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Options;

/// <summary>
/// The subjects and patterns of a command line. A wrong one is a wrong command line, also where no broker is there to refuse it, so they are checked before
/// a command connects. How long one may be is a setting of the broker, which says so itself; here only what no broker can allow is refused.
/// </summary>
internal static class CheckedSubject
{
    /// <summary>The argument that names a subject.</summary>
    internal static Argument<string> Subject(string description)
    {
        var argument = new Argument<string>("subject") { Description = description };
        argument.Validators.Add(result => Check(result, FindSubjectProblem));
        return argument;
    }

    /// <summary>An option whose value is a subject.</summary>
    internal static Option<string?> Option(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "subject" };
        option.Validators.Add(result => Check(result, FindSubjectProblem));
        return option;
    }

    /// <summary>An argument whose values, one or several, are patterns.</summary>
    internal static Argument<T> Pattern<T>(string name, string description, ArgumentArity arity)
    {
        var argument = new Argument<T>(name) { Description = description, Arity = arity };
        argument.Validators.Add(result => Check(result, FindPatternProblem));
        return argument;
    }

    /// <summary>What is wrong with a subject, as a sentence; null for nothing.</summary>
    internal static string? FindSubjectProblem(string text) =>
        Protocol.Subject.TryParse(text, out _, out var fault, Limits.Ceiling) ? null : Describe(fault, text);

    private static string? FindPatternProblem(string text) =>
        SubjectPattern.TryParse(text, out _, out var fault, Limits.Ceiling) ? null : Describe(fault, text);

    private static void Check(SymbolResult result, Func<string, string?> findProblem)
    {
        if (result.Tokens.Select(token => findProblem(token.Value)).FirstOrDefault(each => each is not null) is { } problem) result.AddError(problem);
    }

    private static string Describe(SubjectFault fault, string text) => fault.Describe(Encoding.UTF8.GetBytes(text), Limits.Ceiling);
}
